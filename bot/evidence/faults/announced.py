"""Checks an announcement: a cited sentence must say that it is still to come, and name its day."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.evidence.reading.facts import Day, Facts
from bot.evidence.reading.ground import Ground, facts_of
from bot.evidence.reading.synonyms import carried
from bot.evidence.reading.tokens import words_of
from bot.language.rules import load_rules
from bot.language.sentences.modality import Force, Mark
from bot.language.sentences.quotations import plain
from bot.language.speech import SAYING, any_of

_RULES = load_rules("en", "outcomes")
_SAID = re.compile(rf"\b(?:{any_of(SAYING)})(?:\s(?:back|only|already|it))?\s$", re.IGNORECASE)
OLD_ANNOUNCEMENT_AGE = timedelta(weeks=4)  # before its article, from which an announcement is no news
MIN_PLANNED_WORDS = 1  # words of an announcement in the scope of the sentence's mark of plan


def not_ahead(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the announcement if no cited sentence says that it will happen."""
    return () if _announcing(statement, ground) else (statement.text.rstrip("."),)


def _announcing(statement: Facts, ground: Ground) -> list[Facts]:
    """Return the cited sentences that have ``statement`` as something that will happen."""
    return [f for f in ground.facts if _plans(statement, f) or _dated_ahead(statement, f, ground)]


def said_long_ago(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return when it was announced, if every cited sentence that announces it dates that weeks before: "said in March"."""
    announcing = _announcing(statement, ground)
    days = [
        next((day.text for day in facts.days if _is_of_old_words(day, facts, ground)), "")
        for facts in announcing
    ]
    return (days[0],) if days and all(days) else ()


def _is_of_old_words(day: Day, facts: Facts, ground: Ground) -> bool:
    published = [article.dated_at.date() for article in ground.articles if article.dated_at is not None]
    if not published or not any(last < min(published) - OLD_ANNOUNCEMENT_AGE for _, last in day.spans):
        return False
    return any(
        _SAID.search(facts.text[: found.start()]) for found in re.finditer(re.escape(day.text), facts.text)
    )


def _dated_ahead(statement: Facts, facts: Facts, ground: Ground) -> bool:
    """Tell whether ``facts`` name a day that can only lie behind that of the cited articles: "Jan. 31"."""
    published = [article.dated_at.date() for article in ground.articles if article.dated_at is not None]
    if not published or not any(carried(t, facts.terms) for t in statement.terms):
        return False
    return any(day.spans and all(first > max(published) for first, _ in day.spans) for day in facts.days)


def _plans(statement: Facts, facts: Facts) -> bool:
    if _RULES.has("ahead", facts.text) and any(carried(t, facts.terms) for t in statement.terms):
        return True
    governed = [m for m in facts.marks if m.force >= Force.HOPED and _meets(m, statement)]
    return any(not _doubted(m, facts, statement) for m in governed)


def _meets(mark: Mark, statement: Facts) -> bool:
    return sum(carried(t, statement.terms) for t in mark.scope) >= MIN_PLANNED_WORDS


def _doubted(plan: Mark, facts: Facts, statement: Facts) -> bool:
    """Tell whether what ``plan`` governs is denied or left open in ``facts``, and told without that."""
    ours = {m.force for m in statement.marks}
    return any(
        mark.force <= Force.POSSIBLE
        and mark.force not in ours
        and (mark.end <= plan.start < mark.reach or plan.end <= mark.start < plan.reach)
        and _first_met(mark, statement)
        for mark in facts.marks
    )


def _first_met(mark: Mark, statement: Facts) -> bool:
    return bool(mark.scope) and carried(mark.scope[0], statement.terms)


def wrong_day(when: str, ground: Ground) -> tuple[str, ...]:
    """Return ``when`` if no cited sentence prints it, or if it is before its article."""
    wanted = plain(when).casefold().strip(" .")
    wanted = re.sub(r"^(?:on|in|at|by|until|from)\s", "", wanted)
    printed = [
        article
        for article, running in zip(ground.articles, ground.running, strict=True)
        if wanted and (_has(running, wanted) or _has_apart(running, wanted, facts_of(article, when)))
    ]
    for article in printed:
        published = article.dated_at
        spans = [span for day in facts_of(article, when).days for span in day.spans]
        if published is None or not spans or any(last >= published.date() for _, last in spans):
            return ()
    return (when,)


def _has(running: str, wanted: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", running.casefold()))


def _has_apart(running: str, wanted: str, when: Facts) -> bool:
    """Tell whether ``running`` has each day of ``when`` as printed and its other words elsewhere: "early morning … Jan. 31"."""
    printed = {word.folded for word in words_of(running)}
    return (
        bool(when.days)
        and all(_has(running, plain(day.text).casefold()) for day in when.days)
        and all(word.folded in printed for word in words_of(wanted))
    )
