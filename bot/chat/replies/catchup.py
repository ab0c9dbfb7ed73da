"""The message of a catch-up: how each story developed, which are new, which are unchanged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.chat.document.claims import according_to, before_full_stop
from bot.chat.document.lines import DocumentLines, lines_with, short_date
from bot.chat.replies.timeline import Moment, marked, timeline
from bot.language.locale.en import counted
from bot.language.locale.phrases import ENGLISH, Phrases
from bot.model.briefing import Source, Unchanged
from bot.model.message import Action, Line, Message, Part, StoryBlock
from bot.model.news import STATED_DATES, Citation
from bot.model.story import Announcement, Course, CourseFact, LedgerEntry, Status
from bot.model.talk import Verb

MAX_NEW_LINES = 3  # lines of one story
MAX_UNCHANGED_STORIES = 5  # unchanged stories named; more are counted
MAX_STORY_BUTTONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchupStory:
    """One story with what is new in its ledger since; ``was`` is its earlier status where that is no longer so."""

    story_id: str
    headline: str
    new: bool
    was: Status | None
    now: Status | None
    rows: tuple[LedgerEntry, ...]
    course: Course | None = None  # how it went, where a model read it; instead of the rows
    quoted: tuple[tuple[CourseFact, ...], ...] = ()  # what its articles say, day by day; instead of the rows
    announced: Announcement | None = None  # beside what is quoted

    @property
    def weight(self) -> int:
        """The amount of its news."""
        return len(self.course.turns) + 2 if self.course else len(self.rows)


def catchup_message(
    changed: Sequence[CatchupStory],
    unchanged: Sequence[Unchanged] = (),
    *,
    since: datetime,
    at: datetime,
    timezone: str,
    left: int,
    sources: Callable[[Iterable[Citation]], tuple[Source, ...]],
    say: Phrases = ENGLISH,
) -> Message:
    """Return the message on stories that changed between ``since`` and ``at``, and those that did not.

    ``left`` stories with less news are only counted.
    """
    zone = ZoneInfo(timezone)
    news = {one.story_id: () if one.course else _news(one, timezone, say) for one in changed}
    cited = [citation for one in changed for citation in _cited(one, news[one.story_id])]
    cited += [citation for line in unchanged for citation in line.headline.citations]
    numbered = sources(cited)
    words = lines_with(numbered, zone=zone, today=at.astimezone(zone).date(), say=say)
    undated = {(s.article_id, s.revision) for s in numbered if s.date_source not in STATED_DATES}
    lines = {story_id: tuple(marked(moments, undated, say=say)) for story_id, moments in news.items()}
    parts = [
        Part(title=title, stories=tuple(_block(one, lines[one.story_id], words, undated) for one in some))
        for title, some in _sections(changed)
    ]
    if left:
        text = f"and {counted(left, 'story', 'stories')} with smaller changes"
        parts.append(Part(title="More", lines=(Line(text=text),)))
    if unchanged:
        parts.append(_unchanged(unchanged, words))
    begun = since.astimezone(zone)
    return Message(
        title="What changed",
        dateline=f"since {short_date(begun.date())} {begun:%H:%M} {timezone}",
        notice="" if changed else "Nothing changed in the stories here.",
        parts=tuple(parts),
        sources=numbered,
        actions=tuple(
            Action(verb=Verb.STORY, label=one.headline, subject=one.story_id)
            for one in changed[:MAX_STORY_BUTTONS]
        ),
    )


def _sections(changed: Sequence[CatchupStory]) -> Iterator[tuple[str, list[CatchupStory]]]:
    """Yield the stories whose status changed, the new ones, and the others with news; "also" only behind others."""
    others = [one for one in changed if not one.was and not one.new]
    for title, some in (
        ("Changed", [one for one in changed if one.was]),
        ("New", [one for one in changed if one.new]),
        ("Also new" if len(others) < len(changed) else "News", others),
    ):
        if some:
            yield title, some


def _unchanged(unchanged: Sequence[Unchanged], words: DocumentLines) -> Part:
    """Return the unchanged stories, the first of them by name."""
    named = [
        Line(
            text=line.headline.text
            + (f" — {words.say.stands(line.status)}" if line.status and line.status.state_or_phase else ""),
            cites=words.cites(line.headline.citations),
        )
        for line in unchanged[:MAX_UNCHANGED_STORIES]
    ]
    left = len(unchanged) - len(named)
    others = [Line(text=words.say.choose(left, words.say.unnamed).format(count=left))] if left else []
    return Part(title=words.say.unchanged.format(count=len(unchanged)), lines=(*named, *others), inline=True)


def _news(one: CatchupStory, timezone: str, say: Phrases) -> tuple[Moment, ...]:
    moments = [m for m in timeline(one.rows, outlets={}, timezone=timezone, say=say) if not m.withdrawn]
    said = {status.line for status in (one.was, one.now) if status}
    fresh = {m.text: m for m in moments if not any(line in m.text for line in said)}
    return tuple(fresh.values())[-MAX_NEW_LINES:]


def _cited(one: CatchupStory, news: Iterable[Moment]) -> Iterable[Citation]:
    if one.course:
        yield from cited_in(one.course)
        return
    yield from (status.citation for status in (one.was, one.now) if status)
    yield from (citation for moment in news for citation in moment.citations)
    yield from cited_beside(one)


def cited_beside(one: CatchupStory) -> Iterable[Citation]:
    """Yield the citations of a story's quoted lines and of its announcements."""
    yield from (fact.citation for facts in one.quoted for fact in facts)
    if one.announced:
        yield one.announced.citation


def cited_in(course: Course) -> Iterable[Citation]:
    """Yield the citations of the lines of ``course``."""
    last = (course.last,) if course.last else ()
    yield from (status.citation for status in (course.first, *course.turns, *last))
    yield from (fact.citation for facts in course.facts for fact in facts)
    if course.announced:
        yield course.announced.citation


def _block(
    one: CatchupStory, news: Iterable[Moment], words: DocumentLines, undated: Collection[tuple[str, int]]
) -> StoryBlock:
    if one.course:
        return StoryBlock(
            story_id=one.story_id,
            headline=Line(text=one.headline),
            changed=one.was is not None,
            bullets=tuple(_course(one.course, words)),
        )
    chip = words.say.stands(one.now) if one.now else ""
    if one.was and one.now and one.was.state_or_phase != one.now.state_or_phase:
        chip = f"{words.say.stands(one.was)} → {chip}"
    lines = [(one.was, "Was"), (one.now, "Now")] if one.was else [(one.now, "Status")]
    return StoryBlock(
        story_id=one.story_id,
        headline=Line(text=one.headline),
        chip=chip,
        changed=one.was is not None,
        status=tuple(
            Line(
                label=label,
                lead=_first_seen(status, words) if _key(status.citation) in undated else "",
                text=words.dated(status.line, [status.citation])
                + according_to(status.said_by, beside=status.line, say=words.say),
                cites=words.cites([status.citation]),
            )
            for status, label in lines
            if status
        ),
        bullets=tuple(_quoted(one, words, undated))
        if one.quoted
        else tuple(
            Line(lead=m.when, text=words.dated(m.text, m.citations), cites=words.cites(m.citations))
            for m in news
        ),
    )


def _course(course: Course, words: DocumentLines) -> Iterable[Line]:
    """Yield the earlier status, turning points, present status and announcements, one line each, with its day."""
    labels = ["Began" if course.began else "Then" if course.last else "Still", *[""] * len(course.turns)]
    statuses = [course.first, *course.turns]
    if course.last:
        labels, statuses = [*labels, "Now"], [*statuses, course.last]
    beside = course.facts or ((),) * len(statuses)
    for label, status, facts in zip(labels, statuses, beside, strict=True):
        day = _day(status.as_of.astimezone(words.zone).date(), words)
        state = f" ({words.say.stands(status)})" if status.state_or_phase else ""
        yield Line(
            label=label,
            lead=f"{day}{state}",
            text=" ".join(_closed(text) for text in _said(status, facts, words))
            if facts
            else _stands(status, words),
            cites=words.cites([status.citation, *(fact.citation for fact in facts)]),
        )
    if course.announced:
        yield replace(words.announcement(course.announced), label=words.say.next)


def _quoted(one: CatchupStory, words: DocumentLines, undated: Collection[tuple[str, int]]) -> Iterable[Line]:
    """Yield the quoted lines of a story and its announcements; "undated" if no article of a line has a day."""
    for facts in one.quoted:
        shown = facts[-1].as_of.astimezone(words.zone).date()
        day = _day(shown, words)
        if all(_key(fact.citation) in undated for fact in facts):
            day = _first_seen(facts[-1], words)
        # The line has the day of its newest article; earlier sentences in it are of other days.
        text = " ".join(_fact_line(fact, shown, words) for fact in facts)
        yield Line(lead=day, text=text, cites=words.cites([fact.citation for fact in facts]))
    if one.announced:
        yield replace(words.announcement(one.announced), label=words.say.next)


def _day(day: date, words: DocumentLines) -> str:
    """Return ``day`` with its weekday, and with its year where that is another one."""
    return words.say.days_between(day, day, today=words.today)


def _stands(status: Status, words: DocumentLines) -> str:
    return words.dated(status.line, [status.citation]) + according_to(
        status.said_by, beside=status.line, say=words.say
    )


def _said(status: Status, facts: Iterable[CourseFact], words: DocumentLines) -> Iterable[str]:
    """Yield where the story stood and the facts beside it, those of another day with it."""
    yield _stands(status, words)
    shown = status.as_of.astimezone(words.zone).date()
    for fact in facts:
        yield _fact_line(replace(fact, text=fact.text.rstrip(".")), shown, words)


def _fact_line(fact: CourseFact, shown: date, words: DocumentLines) -> str:
    """Return what ``fact`` says and who says it, with its day where that is not the one ``shown`` nor named in it."""
    day = fact.as_of.astimezone(words.zone).date()
    text = words.dated(fact.text, [fact.citation])
    named = day == shown or words.say.short_date(day).partition(" ")[2] in text
    when = "" if named else f" ({_day(day, words)})"
    return before_full_stop(text, according_to(fact.said_by, beside=fact.text, say=words.say) + when)


def _closed(text: str) -> str:
    """Return ``text`` as a sentence."""
    return text if text.rstrip("”\"'’").endswith((".", "!", "?")) else f"{text}."


def _first_seen(status: Status | CourseFact, words: DocumentLines) -> str:
    at = status.as_of.astimezone(words.zone)
    return words.say.undated.format(at=f"{words.say.short_date(at.date())} {at:%H:%M}")


def _key(citation: Citation) -> tuple[str, int]:
    return citation.article_id, citation.revision
