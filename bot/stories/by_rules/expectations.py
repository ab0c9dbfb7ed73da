"""What is announced for a date, and what became of it. Rules; English announcements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.language.dates.find import find_dates
from bot.language.sentences.clauses import attributed, balanced, lead_free, parts, tidy
from bot.language.words import content_terms
from bot.model.news import Article, Citation, Sentence
from bot.model.story import Expectation, Outcome

MAX_ANNOUNCEMENT_CHARS = 200  # characters
MAX_READ_SENTENCES = 40  # sentences of an article that are read
MIN_SHARED_TERMS_SHARE = 0.5  # share of an announcement's terms that a report must hold to speak of it

_ANNOUNCES = re.compile(
    r"\b(?:(?:is|are|was|were)\s(?:also\s)?(?:due|set|scheduled|expected|slated|planned|to\s(?!be\sblame))|"
    r"(?:talks|negotiations|hearings?|trial|session|vote|meeting|summit)\s(?:will\s)?(?:resumes?|begins?|starts?|opens?|continues?)|"
    r"(?:said|says|announced|confirmed)\s[^.;]{1,80}?\bwould\s(?!like|have|not)\w+|will\s(?!not\sbe\sable)\w+|plans?\sto|intends?\sto|has\scalled\sfor|is\sdue|scheduled\sfor|set\sfor|"
    r"votes?\son\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|announced\sfor)\b",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"\b(?:hopes?|hoped|hoping|could|might|(?-i:may)|if|unless|would\slike|wants?|believes?|believed|likely|unlikely|fears?|chance)\b",
    re.IGNORECASE,
)
_BACK = re.compile(r"(?:he|she|it|they|his|her|its|their|this|that|these|those)\b", re.IGNORECASE)
_NEGATED = re.compile(
    r"\b(?:postponed|cancell?ed|called\soff|delayed|did\snot|didn['’]t|failed\sto|put\soff|scrapped|was\snot|were\snot)\b",
    re.IGNORECASE,
)
_STILL_AHEAD = re.compile(
    r"\b(?:will|due|set\sto|set\sfor|scheduled|expected|is\sto|are\sto|plans?\sto|later\sthis\sweek|next\sweek)\b",
    re.IGNORECASE,
)


def find_expectations(articles: Sequence[Article]) -> tuple[Expectation, ...]:
    """Return the announcements of ``articles``: dated ones by day, then undated ones; each once.

    A sentence announces when it speaks of what will happen as settled, not hoped for. Its days are resolved by
    the article's own calendar; a day before the article's own is no announcement.
    """
    found: list[Expectation] = []
    for article in sorted(articles, key=lambda a: a.place_in_time):
        for sentence in article.sentences[:MAX_READ_SENTENCES]:
            expectation = _read(article, sentence)
            if expectation and not any(_same(expectation, other) for other in found):
                found.append(expectation)
    return tuple(sorted(found, key=lambda e: (e.due is None, e.due or date.max, e.as_of, e.what)))


def with_outcome(expectation: Expectation, articles: Sequence[Article], *, today: date) -> Expectation:
    """Return ``expectation`` with what became of it by ``today``.

    A later article's sentence that reports it settles it; without one it is "no report found" from the second
    day after its last day.
    """
    if expectation.due is None or expectation.outcome is not Outcome.OPEN or today < expectation.due:
        return expectation
    for article, sentence in _after(expectation, articles):
        if (
            _STILL_AHEAD.search(sentence.text)
            or _likeness(expectation.what, sentence.text) < MIN_SHARED_TERMS_SHARE
        ):
            continue
        days = find_dates(
            sentence.text, published=article.dated_at, utc_offset=article.utc_offset, direction="past"
        )
        if days and all(day.last < expectation.due for day in days):
            continue  # it reports an earlier day
        outcome = Outcome.DID_NOT_HAPPEN if _NEGATED.search(sentence.text) else Outcome.HAPPENED
        return replace(expectation, outcome=outcome, settled_by=_cite(article, sentence))
    return lapse(expectation, today=today)


def lapse(expectation: Expectation, *, today: date) -> Expectation:
    """Return ``expectation`` as "no report found" where its last day is two days past and nothing settled it."""
    last = expectation.due_end or expectation.due
    if last and expectation.outcome is Outcome.OPEN and today > last + timedelta(days=1):
        return replace(expectation, outcome=Outcome.NO_REPORT)
    return expectation


def _read(article: Article, sentence: Sentence) -> Expectation | None:
    text = lead_free(sentence.text)
    announced = _ANNOUNCES.search(text)
    if not announced or "?" in text or _BACK.match(text) or _OPINION.search(text[: announced.end() + 30]):
        return None
    dates = find_dates(text, published=article.dated_at, utc_offset=article.utc_offset, direction="future")
    published = article.own_day
    ahead = [d for d in dates if d.last >= published and (d.first > published or d.end > announced.start())]
    if not ahead:
        return None
    when = min(ahead, key=lambda d: (d.start < announced.start(), d.start))
    what = next(
        (
            tidy(part)
            for part in (text, *parts(text))
            if len(tidy(part)) <= MAX_ANNOUNCEMENT_CHARS
            and balanced(tidy(part))
            and when.text in part
            and _ANNOUNCES.search(part)
        ),
        "",
    )
    if not what:
        return None
    claim = attributed(text)
    return Expectation(
        what=what,
        when=when.text,
        due=max(when.first, published),
        due_end=when.last if when.last != when.first else None,
        announced_by=claim.speaker if claim and claim.speaker not in what else "",
        citation=_cite(article, sentence),
        as_of=article.published_at,
    )


def _same(one: Expectation, other: Expectation) -> bool:
    return (
        one.due == other.due
        and max(_likeness(one.what, other.what), _likeness(other.what, one.what)) >= MIN_SHARED_TERMS_SHARE
    )


def _likeness(what: str, text: str) -> float:
    terms = set(content_terms(what))
    return len(terms & set(content_terms(text))) / len(terms) if terms else 0.0


def _after(expectation: Expectation, articles: Sequence[Article]) -> Iterator[tuple[Article, Sentence]]:
    for article in sorted(articles, key=lambda a: a.place_in_time):
        if (
            expectation.due
            and article.own_day >= expectation.due
            and article.published_at > expectation.as_of
        ):
            yield from ((article, sentence) for sentence in article.sentences[:MAX_READ_SENTENCES])


def _cite(article: Article, sentence: Sentence) -> Citation:
    return Citation(article_id=article.id, revision=article.revision, sentences=(sentence.number,))
