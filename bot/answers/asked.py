"""Read a question: the kind of answer it asks for, the words to search, the names and the time that limit it. Pure.

"How many hostages were freed since Monday?" ──▶ figure · hostag, freed · since Monday 00:00
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.answers.follow_up import context, elliptic, goes_on, names_in
from bot.answers.wording import asks_of_now, before_asking, kind_words
from bot.language.dates.find import DateSpan, find_dates
from bot.language.intents import spelled_out
from bot.language.question_language import question_language
from bot.language.rules import load_rules
from bot.language.stems import stemmed, stems
from bot.model.conversation.answer import MAX_QUESTION_CHARS, Passage, Question

MAX_QUESTION_STEMS = 16
LATE_REPORT_TIME = timedelta(days=2)  # time after a day in which its news is still reported


class QuestionKind(StrEnum):
    """The kind of answer that a question asks for."""

    STATUS = "status"
    CHANGED = "changed"
    FIGURE = "figure"
    NEXT = "next"
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    OTHER = "other"


class Measure(StrEnum):
    """The unit of the figure asked for."""

    NUMBER = "number"
    MONEY = "money"
    TIME = "time"
    AGE = "age"
    LENGTH = "length"
    SPEED = "speed"
    SHARE = "share"


# Read when the module is: questions are read in the loop, where no file may be opened.
_RULES = load_rules("en", "asked")
_MEASURES = tuple(
    (measure, rule.match)
    for rule in _RULES.patterns
    for measure in Measure
    if rule.sense == f"measured in {measure}"
)
_KINDS = tuple(
    (kind, rule.match) for rule in _RULES.patterns for kind in QuestionKind if rule.sense == f"wants {kind}"
)
_GENERIC = _RULES.words["generic"]
_FRAME, _SUMS = _RULES.words["frame"], _RULES.words["sum"]
_HOW = _RULES.pattern("how")
_BEFORE = _RULES.pattern("bounds")
_WITHIN = _RULES.pattern("within")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days a question names; ``since`` and ``until`` are aware, either may be open."""

    since: datetime | None = None
    until: datetime | None = None
    days: tuple[date, date] | None = None  # where an event of these days is asked for
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The interpretation of a question."""

    text: str
    kind: QuestionKind
    measure: Measure = Measure.NUMBER  # of a figure
    stems: tuple[str, ...]  # that may find an answer, in order
    recent: bool = False  # it asks for the latest news
    names_kind: bool = False  # it asks which of a kind, so that a name may answer
    context: tuple[str, ...] = ()  # stems of the earlier questions it goes on with
    soft: frozenset[str] = frozenset()  # of its stems, those that say little
    names: tuple[tuple[str, ...], ...] = ()  # stems of each name it speaks of
    known_by: datetime
    window: Window = Window()
    language: str = "en"


def read_question(question: Question) -> Asked:
    """Return the interpretation of ``question``."""
    text = spelled_out(" ".join(question.text.split())[:MAX_QUESTION_CHARS])
    language = question_language(text)
    spans, window, known_by = _time(text, question)
    blanked = _without(text, spans)
    earlier = tuple(map(spelled_out, context(question.turns))) if goes_on(text, question.turns) else ()
    form = earlier[-1] if earlier and elliptic(text) else text
    measure = next((m for m, pattern in _MEASURES if pattern.search(form)), Measure.NUMBER)
    shaping = _FRAME | _SUMS if measure is Measure.MONEY else _FRAME
    chosen = _telling_stems(blanked, language=language)
    before = [stem for asked in earlier for stem in _telling_stems(asked, language=question_language(asked))]
    # What leads up to a question, and the kind of thing that it asks for, say less than the question itself.
    aside = {s for _, s in stemmed(before_asking(blanked), language=language)} - {
        stem for name in names_in(blanked) for stem in stems(name, language=language)
    }
    beside = aside - {s for _, s in stemmed(_asking_sentence(blanked), language=language)}
    kind = {stem for word in kind_words(blanked) for stem in stems(word, language=language)}
    names = dict.fromkeys(
        tuple(stems(_numbered(name, blanked), language=language)) for name in names_in(blanked)
    )
    return Asked(
        text=text,
        kind=next((kind for kind, pattern in _KINDS if pattern.search(form)), QuestionKind.OTHER),
        measure=measure,
        stems=chosen,
        soft=(frozenset(stem for word in shaping for stem in stems(word)) | beside | kind)
        & {*chosen, *before},
        recent=asks_of_now(text),
        names_kind=bool(kind),
        context=tuple(stem for stem in dict.fromkeys(before) if stem not in chosen)[:MAX_QUESTION_STEMS],
        names=tuple(name for name in names if name),
        known_by=known_by,
        window=window,
        language=language,
    )


def sentences_naming(passage: Passage, days: tuple[date, date]) -> Passage | None:
    """Return ``passage`` with only the sentences that name one of ``days``; None if there are none."""
    article = passage.article
    named = tuple(
        number
        for number in passage.sentences
        if any(
            span.first <= days[1] and days[0] <= span.last
            for span in find_dates(
                article.sentence(number).text, published=article.dated_at, utc_offset=article.utc_offset
            )
        )
    )
    return replace(passage, sentences=named) if named else None


def _numbered(name: str, text: str) -> str:
    """Return ``name`` with the number behind it: "PlayStation 5" is another thing than "PlayStation"."""
    found = re.search(rf"\b{re.escape(name)}\s(\d{{1,4}})\b(?![\s-](?:million|billion|percent|%))", text)
    return f"{name} {found[1]}" if found else name


def _asking_sentence(text: str) -> str:
    """Return the sentence of ``text`` that asks."""
    return text.removeprefix(before_asking(text))


def _telling_stems(text: str, *, language: str) -> tuple[str, ...]:
    """Return the content stems of a question; all stems if there are none."""
    found = stemmed(_HOW.sub(" ", text), language=language)
    telling = [stem for printed, stem in found if printed.casefold() not in _GENERIC]
    return tuple(dict.fromkeys(telling or [stem for _, stem in found]))[:MAX_QUESTION_STEMS]


def _time(text: str, question: Question) -> tuple[list[DateSpan], Window, datetime]:
    """Return the spans that name days, the window they make, and by when the answer must have been known."""
    zone = ZoneInfo(question.timezone)
    known_by = min(question.as_of or question.asked_at, question.asked_at)
    now = known_by.astimezone(zone)
    offset = now.utcoffset() or timedelta()
    spans = list(
        find_dates(text, published=known_by, utc_offset=int(offset.total_seconds() // 60), direction="past")
    )
    window = Window()
    for span in spans:
        if span.first > now.date():
            continue  # what is announced for a day was said before it
        # "named after him in 1994" asks for that year, not for what came after it.
        found = None if _WITHIN.match(span.text) else _BEFORE.search(text[: span.start])
        # "since May" and the like are part of some spans.
        word = (found[0] if found else span.text).split()[0].lower()
        start, end = _start(span.first, zone), _start(span.last + timedelta(days=1), zone)
        if word in {"as", "by", "known", "knew", "know"}:
            known_by = min(known_by, end)
        elif word in {"since", "after", "from"}:
            window = Window(since=start if word != "after" else end, until=window.until, words=span.text)
        elif word in {"before", "until", "till"}:
            window = Window(since=window.since, until=start if word == "before" else end, words=span.text)
        else:
            window = Window(
                since=start, until=end + LATE_REPORT_TIME, days=(span.first, span.last), words=span.text
            )
    return spans, window, known_by


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _without(text: str, spans: list[DateSpan]) -> str:
    for span in reversed(spans):
        text = f"{text[: span.start]} , {text[span.end :]}"
    return text
