"""Checks the days of a statement: each must be named in the cited sentences, for the same act."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from bot.evidence.faults.quantities.figures import distance
from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground
from bot.evidence.reading.synonyms import UNITS
from bot.evidence.reading.tokens import Word
from bot.language.dates.rules import MONTHS, WEEKDAYS
from bot.language.rules import load_rules

MIN_DAY_VOTES = 3  # words of a statement that decide between two days
_RULES = load_rules("en", "evidence")
_NEAR_DAY = _RULES.pattern("near day")
_BESIDE_DAY = _RULES.words["beside a day"]


def wrong_days(statement: Iterable[Facts], ground: Ground, *, today: Facts | None = None) -> tuple[str, ...]:
    """Return the days that the cited sentences do not name.

    ``statement`` is resolved from the date of each cited article; ``today`` is the statement resolved from the day on which it
    was made, which its "yesterday" must fit, except inside a quotation.
    """
    theirs = [day for facts in ground.facts for day in facts.days]
    spans = [span for day in theirs for span in day.spans] or _header_days(ground)
    years = {int(c.value) for facts in ground.facts for c in facts.counts if c.year}
    spans += [(date(year, 1, 1), date(year, 12, 31)) for year in years]
    running = " ".join(ground.running).casefold()
    readings = list(statement)
    wrong: dict[str, bool] = {}
    for facts in [*readings, *([today] if today else [])]:
        for day in facts.days:
            near = bool(_NEAR_DAY.search(day.text))
            if near and any(day.text in quote for quote in facts.quotes):
                continue
            if near and today and facts is not today:
                continue
            fits = any(_within(span, ours) for ours in day.spans for span in spans)
            if not fits and not (near and today):
                fits = bool(re.search(rf"(?<!\w){re.escape(day.text.casefold())}(?!\w)", running))
            wrong[day.text] = wrong.get(day.text, False) or fits
    named = frozenset().union(*(f.calendar for f in ground.facts))
    missing = [text for text, fits in wrong.items() if not fits and not _named_alone(text, named)]
    for word in sorted(readings[0].calendar - named):
        if not any(word in text.casefold() for text in missing) and not any(
            _names_day(word, span) for span in spans
        ):
            missing.append(word.capitalize())
    return tuple(missing)


def _named_alone(day: str, named: frozenset[str]) -> bool:
    """Tell whether ``day`` is a month or weekday alone that the cited sentences name, too: "in April" of "an April interview"."""
    words = [w for w in re.findall(r"\w+", day.casefold()) if w not in _BESIDE_DAY]
    return len(words) == 1 and words[0] in named


def _header_days(ground: Ground) -> list[tuple[date, date]]:
    """Return the dates of the cited articles, which apply to sentences without a day."""
    days = [
        (article.dated_at + timedelta(minutes=article.utc_offset)).date()
        for article in ground.articles
        if article.dated_at is not None
    ]
    return [(day, day) for day in days]


def _within(theirs: tuple[date, date], ours: tuple[date, date]) -> bool:
    return ours[0] <= theirs[0] and theirs[1] <= ours[1]


def _names_day(word: str, span: tuple[date, date]) -> bool:
    if (span[1] - span[0]).days > 31:
        return False
    if word in {m.casefold() for m in MONTHS}:
        return MONTHS[span[0].month - 1].casefold() == word
    return span[0] == span[1] and WEEKDAYS[span[0].weekday()].casefold() == word


def day_of_another(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the only day of ``statement`` if its words are closer to another day of the sentence that has both."""
    if len(statement.days) != 1 or len(ground.facts) != 1:
        return ()
    [facts], [day_stated] = ground.facts, statement.days
    placed = [(day, facts.text.find(day.text)) for day in facts.days]
    places = [(day, (at, at + len(day.text))) for day, at in placed if at >= 0]
    own = [at for day, at in places if set(day.spans) & set(day_stated.spans)]
    rivals = [at for day, at in places if not set(day.spans) & set(day_stated.spans)]
    if not own or not rivals:
        return ()
    votes = [
        _nearest(word, rivals, facts) < _nearest(word, own, facts)
        for ours in statement.words
        if not ours.stop and ours.stem not in UNITS
        for word in facts.words
        if word.folded == ours.folded and not any(a <= word.start < b for a, b in (*own, *rivals))
    ]
    return (day_stated.text,) if len(votes) >= MIN_DAY_VOTES and all(votes) else ()


def _nearest(word: Word, places: list[tuple[int, int]], facts: Facts) -> int:
    return min(distance(word, at, facts) for at in places)
