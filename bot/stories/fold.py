"""Fold a story's stored updates into its ledger: the same updates give the same ledger, in any order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.language.entities.names import same_name
from bot.model.briefing import Writer
from bot.model.ledger import CoursePoint, KnownFact, StoryLedger, is_line
from bot.model.news import Citation
from bot.model.story import OTHER_KIND
from bot.model.update import (
    Phase,
    StoryUpdate,
    UpdateActor,
    UpdateFigure,
)
from bot.stories.announcements import followed_announcements
from bot.stories.contradictions import open_contradictions
from bot.stories.still_carried import without_elsewhere

MAX_BACKGROUND_SENTENCES = 2  # sentences of background for new readers
AGREEING_UPDATES = 2  # consecutive updates that change a fixed kind


def fold(story_id: str, updates: Iterable[StoryUpdate], *, at: datetime | None = None) -> StoryLedger:
    """Return the ledger of ``story_id`` as of ``at`` (aware; None is now), from all of its ``updates``."""
    known = sorted((u for u in updates if at is None or u.made_at <= at), key=_made)
    sites = {key: site for u in known for (key, _), site in zip(u.articles, u.sites, strict=False)}
    known = [without_elsewhere(update) for update in known]
    by_news = sorted(known, key=lambda u: (_day(u), u.as_of, *_made(u)))
    kind = _kind(known)
    followed = followed_announcements(known)
    asking = next((u for u in reversed(by_news) if _says(u)), None)
    return StoryLedger(
        story_id=story_id,
        updates=tuple(update.id for update in known),
        articles=frozenset(key for update in known for key in update.articles),
        sites=sites,
        kind=kind,
        headline=next((u.headline for u in reversed(by_news) if u.headline), None),
        course=tuple(_course(by_news, kind)),
        facts=_facts(known),
        actors=_actors(by_news),
        figures=_figures(by_news),
        announcements=followed.announced,
        settled=followed.settled,
        found=followed.found,
        contradictions=open_contradictions(by_news),
        background=next(
            (u.background[:MAX_BACKGROUND_SENTENCES] for u in reversed(by_news) if u.background), ()
        ),
        questions=asking.questions if asking else (),
        asked_at=asking.as_of if asking and asking.questions else None,
        read_by_model=any(map(_says, known)),
    )


def _made(update: StoryUpdate) -> tuple[datetime, str]:
    return update.made_at, update.id


def _day(update: StoryUpdate) -> date:
    """Return the day of ``update`` in the story's course."""
    return update.status.as_of if update.status else update.as_of.date()


def _says(update: StoryUpdate) -> bool:
    """Tell whether ``update`` was read: the articles of some only copy what others said."""
    return update.written_by is Writer.MODEL


def _kind(known: Sequence[StoryUpdate]) -> str:
    """Return the kind: what the second update says is fixed, until two updates in a row agree on another."""
    kind, said = OTHER_KIND, [update.kind for update in known if _says(update)]
    for place, named in enumerate(said):
        if place < AGREEING_UPDATES:
            kind = named if named != OTHER_KIND else kind
        elif named == said[place - 1] != OTHER_KIND:
            kind = named
    return kind


def _course(by_news: Sequence[StoryUpdate], kind: str) -> Iterable[CoursePoint]:
    """Yield where the story stood; a state of another kind than the story's says nothing of it.

    One site alone cannot end a story, however often it says so; two sites that say so can.
    """
    over, ending = False, set[str]()
    for update in by_news:
        if not update.status:
            continue
        phase = update.phase
        if update.said_over or (phase is Phase.OVER and len(set(update.sites)) == 1):
            ending |= set(update.sites)
            phase = Phase.OVER if over or len(ending) > 1 else Phase.AFTERMATH
        elif phase is not None:
            ending.clear()
        over = phase is Phase.OVER if phase is not None else over
        yield CoursePoint(
            as_of=update.as_of,
            known_at=update.made_at,
            phase=phase,
            state=update.state if update.kind == kind else "",
            status=update.status,
            change=update.change,
        )


def _facts(known: Sequence[StoryUpdate]) -> tuple[KnownFact, ...]:
    found: dict[str, KnownFact] = {}
    # Of a fact that says another again, that one; where it is not known, the first that did.
    said_first: dict[str, str] = {}
    for update in known:
        for fact in update.facts:
            first = said_first.get(fact.restates, fact.restates)
            if first in found:
                known_before = found[first]
                found[first] = replace(
                    known_before,
                    citations=_joined(known_before.citations, fact.citations),
                    ids=(*known_before.ids, fact.id),
                )
                said_first[fact.id] = first
                continue
            if fact.restates and not is_line(fact.restates):  # of a headline two facts may say two parts
                said_first[fact.restates] = fact.id
            found[fact.id] = KnownFact(
                fact=fact,
                known_at=update.made_at,
                as_of=update.as_of,
                citations=fact.citations,
                # What it says again is known to others, or was withdrawn.
                ids=(fact.id, fact.restates) if fact.restates else (fact.id,),
                quoted=update.written_by is Writer.EXTRACTS,
            )
            old = said_first.get(fact.supersedes, fact.supersedes)
            if old in found:
                found[old] = replace(found[old], superseded_by=fact.id)
    return tuple(found.values())


def _joined(one: Iterable[Citation], other: Iterable[Citation]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _actors(by_news: Sequence[StoryUpdate]) -> tuple[UpdateActor, ...]:
    """Return who acts, each with the newest role and position; those of the newest update last."""
    found: list[UpdateActor] = []
    for update in by_news:
        for actor in reversed(update.actors):  # the most important one comes last
            names = (actor.name, *actor.aliases)
            before = next((one for one in found if any(same_name(one.name, name) for name in names)), None)
            if before:
                found.remove(before)
            found.append(_together(before, actor) if before else actor)
    return tuple(found)


def _together(before: UpdateActor, now: UpdateActor) -> UpdateActor:
    aliases = dict.fromkeys((*before.aliases, *now.aliases))
    name = max(before.name, now.name, key=len)
    return replace(now, name=name, aliases=tuple(aliases), role=now.role or before.role)


def _figures(by_news: Sequence[StoryUpdate]) -> tuple[UpdateFigure, ...]:
    found: dict[tuple[str, str, str, date], UpdateFigure] = {}
    for update in by_news:
        for figure in update.figures:
            key = (figure.series or figure.counts, figure.claimant, figure.value, figure.as_of)
            found[key] = figure
    return tuple(sorted(found.values(), key=lambda f: f.as_of))
