"""Order the stories that are read ahead of the slots that need them. Pure.

slots, each with the stories its channel needs ──▶ soonest slot first, then followed stories ──▶ each story and scope once
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.flows.updates.story import StoryMaterial
from bot.flows.updates.translate import PlannedTranslation
from bot.model.scope import SHARED, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotNeeds:
    """What a slot needs, due at ``due`` (aware): the first candidates of its ranking, and the stories its channel follows."""

    due: datetime
    stories: tuple[StoryMaterial, ...]
    followed: tuple[StoryMaterial, ...] = ()
    workspace: str = ""  # whose budget it counts for
    translations: tuple[PlannedTranslation, ...] = ()  # of what was read of them


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedReading:
    """A story to be read in the scope of its material, for the slot that needs it first."""

    material: StoryMaterial
    due: datetime
    workspace: str = ""

    @property
    def key(self) -> tuple[str, Scope, frozenset[tuple[str, int]]]:
        """The key of a reading: the story, the scope, and the revisions to be read."""
        new = frozenset((a.id, a.revision) for a in self.material.unread)
        return self.material.story_id, self.material.scope, new


def reading_order(slots: Iterable[SlotNeeds]) -> tuple[PlannedReading, ...]:
    """Return the readings in order: those of the soonest slot first, in the order of its ranking; then stories that channels follow.

    Each story is planned once for each scope, with the articles of all slots that need it, unless all are read.
    Private articles are planned after the shared articles of their story.
    """
    ordered = sorted(slots, key=lambda slot: slot.due)
    found: dict[tuple[str, Scope], PlannedReading] = {}
    for slot, material in (*_each(ordered, followed=False), *_each(ordered, followed=True)):
        for part in _by_scope(material):
            key = part.story_id, part.scope
            first = found.get(key)
            found[key] = (
                replace(first, material=_joined(first.material, part))
                if first
                else PlannedReading(material=part, due=slot.due, workspace=slot.workspace)
            )
    return tuple(found.values())


def translation_order(slots: Iterable[SlotNeeds]) -> tuple[PlannedTranslation, ...]:
    """Return the translations in order, those of the soonest slot first, each update and language once."""
    found: dict[tuple[str, str], PlannedTranslation] = {}
    for slot in sorted(slots, key=lambda slot: slot.due):
        for one in slot.translations:
            found.setdefault(one.key, one)
    return tuple(found.values())


def _each(slots: Sequence[SlotNeeds], *, followed: bool) -> Iterator[tuple[SlotNeeds, StoryMaterial]]:
    for slot in slots:
        for material in slot.followed if followed else slot.stories:
            yield slot, material


def _by_scope(material: StoryMaterial) -> Iterator[StoryMaterial]:
    """Yield the parts of ``material`` that are to be read: the shared one, then that of its own scope."""
    shared = replace(
        material,
        scope=SHARED,
        articles=tuple(a for a in material.articles if a.scope == SHARED),
        older=tuple(a for a in material.older if a.scope == SHARED),
        updates=tuple(u for u in material.updates if u.scope == SHARED),
    )
    if shared.unread:
        yield shared
    if any(a.scope != SHARED for a in material.unread):
        yield material


def _joined(one: StoryMaterial, other: StoryMaterial) -> StoryMaterial:
    """Return the material of two slots that need the same story in the same scope."""
    articles = {(a.id, a.revision): a for a in (*one.articles, *other.articles)}
    older = {(a.id, a.revision): a for a in (*one.older, *other.older)}
    updates = {u.id: u for u in (*one.updates, *other.updates)}
    return replace(
        one,
        articles=tuple(articles.values()),
        older=tuple(older.values()),
        updates=tuple(updates.values()),
    )
