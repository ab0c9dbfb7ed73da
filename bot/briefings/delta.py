"""What changed for one channel: briefs as written against what that channel was sent. Pure.

    written stories + sent  ──▶  changed | new | unchanged        expectations + today  ──▶  watch | settled

A story is *changed* when its state changed or it has a statement the channel was never sent; nothing else
repeats. Every story in a briefing can therefore name its reason (``StoryBrief.why``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.language.similarity import RESTATED_SIMILARITY, is_restated, similarity
from bot.model.briefing import Section, SentStory, Statement, StoryBrief, Unchanged, Watch
from bot.model.story import Expectation, Outcome, Status
from bot.model.update import Phase

MAX_WATCHED_PER_STORY = (
    1  # announcements of one story that are listed for a day: two mostly tell of one event in other words
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """The parts of a briefing that depend on what the channel knows, in the order they were given."""

    stories: tuple[StoryBrief, ...]
    unchanged: tuple[Unchanged, ...]


def against_sent(briefs: Iterable[StoryBrief], sent: Mapping[str, SentStory]) -> Delta:
    """Tell which of ``briefs`` are changed, new and unchanged; the order they are given in stays."""
    stories: list[StoryBrief] = []
    unchanged: list[Unchanged] = []
    for brief in briefs:
        known = sent.get(brief.story_id)
        if known is None:
            stories.append(replace(brief, section=Section.NEW))
            continue
        update = _update(brief, known)
        if update:
            stories.append(update)
        elif line := unchanged_line(known, brief.status, otherwise=brief.headline):
            unchanged.append(line)
    return Delta(stories=tuple(stories), unchanged=tuple(unchanged))


def status_changed(new: Status | None, old: Status | None) -> bool:
    """Tell whether ``new`` says later than ``old`` that the story stands elsewhere: in state or, materially, in line.

    Rules know no states: of a story that no model read another line alone is no change.
    """
    known = new is not None and old is not None and new.state_or_phase and old.state_or_phase
    return bool(known) and says_otherwise(new, old)


def says_otherwise(new: Status | None, old: Status | None) -> bool:
    """Tell whether ``new`` is later than ``old`` and another: in state or, materially, in line."""
    if new is None or old is None or new.as_of <= old.as_of:
        return False
    return (new.kind, new.state) != (old.kind, old.state) or not is_restated(new.line, [old.line])


def unchanged_line(known: SentStory, newest: Status | None, *, otherwise: Statement) -> Unchanged | None:
    """Return a story that the channel knows in one line, None where its course is over.

    Where it stands is said by the status it was sent or the ``newest`` one, whichever is later; its name is the one the
    channel knows, or ``otherwise``.
    """
    found = [status for status in (known.status, newest) if status]
    status = max(found, key=lambda s: s.as_of, default=None)
    if status and status.phase == Phase.OVER.value:
        return None
    return Unchanged(story_id=known.story_id, headline=headline_of(known) or otherwise, status=status)


def headline_of(known: SentStory) -> Statement | None:
    """Return the name under which the channel knows a story, with the sentences it rests on."""
    if not known.headline_citations:
        return None  # sent by an earlier version
    return Statement(text=known.headline, citations=known.headline_citations)


def due_on(
    today: date, expectations: Mapping[str, Iterable[Expectation]], headlines: Mapping[str, str]
) -> list[Watch]:
    """Return what was announced for ``today``, story by story; each announcement once."""
    watch: list[Watch] = []
    for story_id, announced in expectations.items():
        said: list[str] = []
        for expectation in announced:
            if expectation.outcome is not Outcome.OPEN or not _falls_on(expectation, today):
                continue
            if len(said) == MAX_WATCHED_PER_STORY or is_restated(expectation.what, said):
                continue
            said.append(expectation.what)
            watch.append(
                Watch(story_id=story_id, headline=headlines.get(story_id, ""), expectation=expectation)
            )
    return watch


def _falls_on(expectation: Expectation, today: date) -> bool:
    # "Later this week" is watched on its last day: listing it every day would repeat it.
    return expectation.due is not None and today == (expectation.due_end or expectation.due)


def _update(brief: StoryBrief, known: SentStory) -> StoryBrief | None:
    transition = status_changed(brief.status, known.status)
    line = _is_new_line(brief.status, known)
    statements = list(known.statements)
    if brief.status and (transition or line):
        statements.append(brief.status.line)
    fresh: list[Statement] = []
    for bullet in brief.bullets:
        if not is_restated(bullet.text, statements):
            fresh.append(bullet)
            statements.append(bullet.text)
    if not (transition or line or fresh):
        return None
    reasons = []
    if transition:
        reasons.append("its status changed")
    if new := len(fresh) + (line and not transition):
        reasons.append("1 statement is new" if new == 1 else f"{new} statements are new")
    return replace(
        brief,
        section=Section.CHANGED,
        # Without a transition the state the channel knows stands: a reworded status is no news.
        status=brief.status if transition else _kept_status(brief.status, known.status),
        previous_status=known.status if transition else None,
        changed=tuple(fresh),
        bullets=tuple(fresh),
        actors=tuple(a for a in brief.actors if a.position and not is_restated(a.position, known.statements)),
        next=tuple(e for e in brief.next if not _announced(e, known)),
        figures=tuple(f for f in brief.figures if not is_restated(f"{f.value} {f.counts}", known.statements)),
        why=" and ".join(reasons),
    )


def _is_new_line(status: Status | None, known: SentStory) -> bool:
    """Tell whether rules, which know no states, took the line of ``status`` from a sentence that is news.

    That sentence stands nowhere else in the brief.
    """
    if status is None or status.state_or_phase or is_restated(status.line, known.statements):
        return False
    return known.status is None or status.as_of > known.status.as_of


def _announced(expectation: Expectation, known: SentStory) -> bool:
    """Tell whether the channel was sent ``expectation``: an announcement for another day is another one."""
    if expectation.due is None:
        return is_restated(expectation.what, known.statements)
    return any(
        e.due == expectation.due and similarity(expectation.what, e.what) >= RESTATED_SIMILARITY
        for e in known.expectations
    )


def _kept_status(current: Status | None, known: Status | None) -> Status | None:
    """Return what is told of where the story stands, where that is no change: nothing that stands no more."""
    if current is None or known is None or not current.state_or_phase:
        return current
    if current.state != known.state:
        return known
    return replace(
        current,
        line=known.line,
        since=min(current.since, known.since),
        citation=known.citation,
        as_of=known.as_of,
        said_by=known.said_by,
        authority=known.authority,
    )
