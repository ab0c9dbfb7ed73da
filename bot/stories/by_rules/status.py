"""Finds where a story stands: for each article the one sentence that says so, its state and a short line. Pure.

The words of a state are looked for clause by clause. A word that is hoped, planned, denied or long past is no
state; of what is left, the latest event wins, then the plainer outcome, then the place in the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.language.dates.find import DateSpan, find_dates
from bot.language.sentences.clauses import attributed, balanced, is_clause, lead_free, parts, word_count
from bot.language.sentences.self_contained import addresses_reader, is_furniture, is_statement, points_back
from bot.language.words import content_terms
from bot.model.news import Article, Citation, Sentence
from bot.model.story import Authority, Status, StoryKind
from bot.stories.by_rules.authority import authority_of
from bot.stories.by_rules.states import StateMatch, cues_in

MAX_LINE_WORDS = 14
MAX_READ_SENTENCES = 60  # of an article; where a story stands is not said for the first time after that
LEAD_SENTENCES = 6  # sentences of an article without states that may say what it is about
MIN_TITLE_SHARE = 0.2  # share of the title's terms it must hold
MIN_LINE_WORDS = 5  # words of such a line
BACKGROUND_AFTER_DAYS = 10  # an event further back is background

_BACKGROUND = re.compile(
    r"\b(?:previous(?:ly)?|repeatedly|in the past|historic(?:ally)?|last year|decades?|years ago|months ago|once|formerly"
    r"|(?:two|three|four|several|earlier|past|previous) (?:previous )?(?:rounds|ceasefires|truces|attempts|elections|wars)"
    r"|since (?:19|20)\d\d|in (?:19|20)\d\d|anniversary|had (?:long|been|already)|used to)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"(?:he|she|it|they|who)\b", re.IGNORECASE)
_BACKSHIFTED = re.compile(r"\bhad (?:\w+ )?\w+(?:ed|en|un|id|ade)\b")
_DEPENDENT = re.compile(
    r"\b(?:after|following|since|because|if|unless|until|before|whether|when|who|which|that)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    cue: StateMatch
    line: str
    sentence: Sentence
    speaker: str
    day: date | None  # of the event; None where the sentence names none
    score: float


def find_statuses(articles: Sequence[Article], *, kind: StoryKind) -> tuple[Status, ...]:
    """Return what each of ``articles`` says of where the story stands, oldest first, at most one each.

    An article that only looks back, to before the event of the status that holds, gives none. ``since`` is
    carried on while the state stays the same.
    """
    found: list[Status] = []
    event = date.min
    for article in sorted(articles, key=lambda a: a.place_in_time):
        best = _best(article, kind=kind)
        if best is None:
            continue
        status = _status(article, best, kind=kind)
        day = best.day or article.own_day
        last = current_status(found)
        if last and status.state != last.state and day < event:
            continue
        if last and status.state == last.state:
            status = replace(status, since=min(last.since, status.since))
        event = max(event, day)
        found.append(status)
    return tuple(found)


def current_status(statuses: Sequence[Status]) -> Status | None:
    """Return the status that holds: the one of the newest sentence; of two at one time, the later found."""
    return max(enumerate(statuses), key=lambda item: (item[1].as_of, item[0]))[1] if statuses else None


def _best(article: Article, *, kind: StoryKind) -> _Candidate | None:
    if kind is StoryKind.OTHER:
        return _developing(article)
    return max(_candidates(article, kind=kind), key=lambda c: c.score, default=None)


def _candidates(article: Article, *, kind: StoryKind) -> Iterator[_Candidate]:
    for index, sentence in enumerate(article.sentences[:MAX_READ_SENTENCES]):
        text = lead_free(sentence.text)
        if not is_statement(sentence.text) or is_furniture(text) or not balanced(text):
            continue
        for cue in cues_in(text, kind=kind):
            candidate = _weighed(article, sentence, cue, text=text, index=index)
            if candidate:
                yield candidate


def _weighed(
    article: Article, sentence: Sentence, cue: StateMatch, *, text: str, index: int
) -> _Candidate | None:
    said = attributed(text)
    if said and not _holds(said.claim, cue.text):
        said = None
    line = _line(said.claim if said else text, cue)
    if not line or (said and _PRONOUN.match(said.speaker)):
        return None
    dates = find_dates(text, published=article.dated_at, utc_offset=article.utc_offset, direction="past")
    day = _event_day(cue, dates)
    today = article.own_day
    if day and (today - day).days > BACKGROUND_AFTER_DAYS:
        return None
    if _BACKGROUND.search(line) or _BACKSHIFTED.search(line):
        return None
    before = text[max(0, cue.start - 120) : cue.start]
    score = cue.weight + 1.6 / (1 + index / 4)
    if day:
        score += max(0.0, 1.6 - 0.4 * (today - day).days)
    if _DEPENDENT.search(before.rpartition(",")[2]):
        score -= 1.0
    return _Candidate(
        cue=cue,
        line=line,
        sentence=sentence,
        speaker=said.speaker if said else "",
        day=day if day and day <= today else None,
        score=score,
    )


def _holds(text: str, words: str) -> bool:
    return words.lower() in text.lower()


def _line(text: str, cue: StateMatch) -> str:
    """Return the longest clean part around the cue that fits a line, or "" where there is none."""
    for part in parts(text, keep_claimant=False, adjuncts=True):
        if word_count(part) <= MAX_LINE_WORDS and _holds(part, cue.text) and _reads_alone(part):
            return _closed(part)
    return ""


def _closed(part: str) -> str:
    """Drop the full stop, also one inside the closing quotation mark: a line is no sentence."""
    return re.sub(r"[.](?=[”\"’']?$)", "", part) if not re.search(r"\b(?:[A-Za-z][.]){2,}$", part) else part


def _event_day(cue: StateMatch, dates: tuple[DateSpan, ...]) -> date | None:
    """Return the day named nearest the cue, in its own clause where there is one."""
    near = [d for d in dates if abs((d.start + d.end) // 2 - (cue.start + cue.end) // 2) <= 90]
    if not near:
        return None
    return min(near, key=lambda d: abs(d.start - cue.end)).first


def _reads_alone(part: str) -> bool:
    return is_clause(part) and not (
        points_back(part) or addresses_reader(part) or part.startswith(("“", '"', "‘", "'"))
    )


def _developing(article: Article) -> _Candidate | None:
    """Return the early sentence that says most of what the title says, as one line."""
    best: _Candidate | None = None
    title = set(content_terms(article.title))
    for index, sentence in enumerate(article.sentences[:LEAD_SENTENCES]):
        text = lead_free(sentence.text)
        if not is_statement(sentence.text) or is_furniture(text):
            continue
        said = attributed(text)
        line = next(
            (
                part
                for part in parts(said.claim if said else text, keep_claimant=False, adjuncts=True)
                if MIN_LINE_WORDS <= word_count(part) <= MAX_LINE_WORDS and _reads_alone(part)
            ),
            "",
        )
        shared = len(title & set(content_terms(line))) / (len(title) or 1)
        score = shared + 1 / (index + 1)
        if said and _PRONOUN.match(said.speaker):
            continue  # who says it stands in another sentence, and without him it would be laundered
        if line and (shared >= MIN_TITLE_SHARE or not title) and (best is None or score > best.score):
            best = _Candidate(
                cue=StateMatch(state="developing", text=line, start=0, end=0, weight=0),
                line=_closed(line),
                sentence=sentence,
                speaker=said.speaker if said else "",
                day=None,
                score=score,
            )
    return best


def _status(article: Article, best: _Candidate, *, kind: StoryKind) -> Status:
    since = article.published_at
    if best.day:
        midnight = datetime.combine(best.day, time(), tzinfo=UTC) - timedelta(minutes=article.utc_offset)
        since = min(since, midnight) if best.day < article.own_day else since
    return Status(
        kind=kind,
        state=best.cue.state,
        line=best.line,
        as_of=article.published_at,
        since=since,
        said_by=best.speaker,
        authority=authority_of(best.speaker, kind=kind) if best.speaker else Authority.PRESS,
        citation=Citation(
            article_id=article.id, revision=article.revision, sentences=(best.sentence.number,)
        ),
    )
