"""Correct a briefing: find a statement, drop or replace it everywhere, also in what counts as sent. Pure.

briefing ──statements──▶ key: words ──▶ amended briefing, with the correction in it          sent ──▶ sent
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.briefings.memory import actor_id, announcement_id, figure_id
from bot.evidence.proposed import FieldKind, ProposedField
from bot.model.briefing import (
    Briefing,
    Correction,
    OtherStory,
    SentStory,
    Statement,
    StoryAnnouncement,
    StoryBrief,
)
from bot.model.ids import derive_id
from bot.model.news import Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One statement of a briefing; ``label`` is its text with the name or figure it belongs to."""

    story_id: str
    text: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedLine:
    """One statement of a story that a model read, in the form of the evidence check, with its entry in a channel's memory."""

    field: ProposedField
    stated: Stated
    sent_ids: tuple[str, ...] = ()  # under which the line is known as sent


def statements(briefing: Briefing) -> dict[str, Stated]:
    """Return every correctable statement of ``briefing``, in reading order, by a unique key."""
    found: dict[str, Stated] = {}
    for story in briefing.stories:
        for text, label in _stated(story):
            found.setdefault(
                _key(story.story_id, text), Stated(story_id=story.story_id, text=text, label=label)
            )
    for item in (*briefing.watch, *briefing.settled):
        text = item.expectation.what
        found.setdefault(_key(item.story_id, text), Stated(story_id=item.story_id, text=text, label=text))
    for other in briefing.more:
        text = other.headline.text
        found.setdefault(_key(other.story_id, text), Stated(story_id=other.story_id, text=text, label=text))
    return found


def cited_lines(story: StoryBrief) -> Iterator[CitedLine]:
    """Yield the statements of ``story`` with the sentences they cite, the headline first."""

    def line(field: ProposedField, text: str, *sent_ids: str) -> CitedLine:
        stated = Stated(story_id=story.story_id, text=text, label=text)
        return CitedLine(field=field, stated=stated, sent_ids=sent_ids)

    def field(kind: FieldKind, text: str, citations: Sequence[Citation], who: str = "") -> ProposedField:
        return ProposedField(path="", kind=kind, text=text, who=who, citations=tuple(citations))

    headline = story.headline
    yield line(field(FieldKind.HEADLINE, headline.text, headline.citations), headline.text)
    if story.status:
        said = field(FieldKind.STATUS, story.status.line, [story.status.citation], story.status.said_by)
        yield line(said, story.status.line)
    for one in story.bullets:
        yield line(field(FieldKind.FACT, one.text, one.citations, one.said_by), one.text, one.fact)
    for actor in story.actors:
        if actor.position:
            said = field(FieldKind.ACTOR, actor.position, [actor.citation], actor.name)
            yield line(said, actor.position, actor_id(actor))
    for figure in story.figures:
        said = field(FieldKind.FIGURE, figure.counts, [figure.citation], figure.claimant)
        yield line(replace(said, value=figure.value), f"{figure.value} {figure.counts}", figure_id(figure))
    for coming in story.next:
        said = field(FieldKind.ANNOUNCEMENT, coming.what, [coming.citation], coming.announced_by)
        yield line(said, coming.what, announcement_id(coming))


def listed_lines(briefing: Briefing) -> Iterator[CitedLine]:
    """Yield the lists below the stories of ``briefing``: what is due, and outcomes of announcements."""
    for item in (*briefing.watch, *briefing.settled):
        coming = item.expectation
        cited = [coming.settled_by] if coming.settled_by else [coming.citation]
        field = ProposedField(
            path="",
            kind=FieldKind.ANNOUNCEMENT,
            text=coming.what,
            who=coming.announced_by,
            citations=tuple(cited),
        )
        stated = Stated(story_id=item.story_id, text=coming.what, label=coming.what)
        yield CitedLine(field=field, stated=stated, sent_ids=(announcement_id(coming),))


def amend(briefing: Briefing, stated: Stated, *, now: str, reason: str, at: datetime) -> Briefing:
    """Return ``briefing`` with ``stated`` replaced by ``now``, or dropped if that is empty, and with the correction.

    If a headline is dropped, its story is dropped too. Questions about the story are no longer offered. Sources and
    the other questions keep their numbers.
    """
    stories = []
    for story in briefing.stories:
        if story.story_id != stated.story_id:
            stories.append(story)
        elif story.headline.text != stated.text or now:
            stories.append(_amended(story, stated.text, now))
    correction = Correction(at=at, story_id=stated.story_id, was=stated.text, now=now, reason=reason)
    return replace(
        briefing,
        stories=tuple(stories),
        watch=_watched(briefing.watch, stated, now),
        settled=_watched(briefing.settled, stated, now),
        more=_others(briefing.more, stated, now),
        # A question may name what was wrong.
        questions=tuple(one for one in briefing.questions if one.story_id != stated.story_id),
        corrections=(*briefing.corrections, correction),
    )


def repair(sent: SentStory, *, was: str, now: str) -> SentStory:
    """Return what counts as sent to a channel after the correction of ``was`` to ``now``, or its removal if ``now`` is empty."""
    status = sent.status
    if status and status.line == was:
        status = replace(status, line=now) if now else None
    heads = sent.headline == was
    return replace(
        sent,
        status=status,
        headline=now if heads else sent.headline,
        headline_citations=() if heads and not now else sent.headline_citations,
        statements=tuple(_swapped(sent.statements, was, now, words=str, changed=lambda _, text: text)),
        expectations=tuple(
            _swapped(sent.expectations, was, now, words=lambda e: e.what, changed=_announcing)
        ),
    )


def forget(sent: SentStory, *, lines: Iterable[CitedLine]) -> SentStory:
    """Return what counts as sent to a channel after the withdrawal of ``lines``: if said again, they are news."""
    for line in lines:
        sent = repair(sent, was=line.stated.text, now="")
        sent = replace(
            sent,
            facts=tuple(one for one in sent.facts if one not in line.sent_ids),
            sentences=tuple(one for one in sent.sentences if one not in line.field.citations),
        )
    return sent


def _stated(story: StoryBrief) -> Iterator[tuple[str, str]]:
    yield story.headline.text, story.headline.text
    if story.status:
        yield story.status.line, story.status.line
    for statement in (*story.bullets, *story.changed):
        yield statement.text, statement.text
    for actor in story.actors:
        if actor.position:
            yield actor.position, f"{actor.name}: {actor.position}"
    for figure in story.figures:
        yield f"{figure.value} {figure.counts}", f"{figure.value} {figure.counts}"
    for announcement in story.next:
        yield announcement.what, announcement.what


def _amended(story: StoryBrief, was: str, now: str) -> StoryBrief:
    status, previous = story.status, story.previous_status
    if status and status.line == was:
        status, previous = (replace(status, line=now), previous) if now else (None, None)
    headline = replace(story.headline, text=now) if story.headline.text == was else story.headline

    def lines(given: tuple[Statement, ...]) -> tuple[Statement, ...]:
        return tuple(
            _swapped(given, was, now, words=lambda s: s.text, changed=lambda s, text: replace(s, text=text))
        )

    return replace(
        story,
        headline=headline,
        status=status,
        previous_status=previous,
        bullets=lines(story.bullets),
        changed=lines(story.changed),
        actors=tuple(
            _swapped(
                story.actors,
                was,
                now,
                words=lambda a: a.position,
                changed=lambda a, text: replace(a, position=text),
            )
        ),
        figures=tuple(
            _swapped(
                story.figures,
                was,
                now,
                words=lambda f: f"{f.value} {f.counts}",
                changed=lambda f, text: replace(f, value="", counts=text),
            )
        ),
        next=tuple(_swapped(story.next, was, now, words=lambda e: e.what, changed=_announcing)),
    )


def _watched(items: tuple[StoryAnnouncement, ...], stated: Stated, now: str) -> tuple[StoryAnnouncement, ...]:
    ours = [item for item in items if item.story_id == stated.story_id]
    amended = {
        id(item): replace(item, expectation=_announcing(item.expectation, now)) if now else None
        for item in ours
        if item.expectation.what == stated.text
    }
    return tuple(kept for item in items if (kept := amended.get(id(item), item)) is not None)


def _others(items: tuple[OtherStory, ...], stated: Stated, now: str) -> tuple[OtherStory, ...]:
    amended = {
        other.story_id: replace(other, headline=replace(other.headline, text=now)) if now else None
        for other in items
        if (other.story_id, other.headline.text) == (stated.story_id, stated.text)
    }
    return tuple(kept for other in items if (kept := amended.get(other.story_id, other)) is not None)


def _swapped(
    items: Iterable[Any],
    was: str,
    now: str,
    *,
    words: Callable[[Any], str],
    changed: Callable[[Any, str], Any],
) -> Iterator[Any]:
    for item in items:
        if words(item) != was:
            yield item
        elif now:
            yield changed(item, now)


def _announcing(announcement: Any, text: str) -> Any:
    return replace(announcement, what=text)


def _key(story_id: str, text: str) -> str:
    return derive_id("stm", story_id, text)
