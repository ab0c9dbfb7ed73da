"""Tell what a channel was already sent: facts, actors, figures, announcements, disagreements. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.language.similarity import is_copy, is_restated, similarity
from bot.model.briefing import SentStory, Statement, StoryBrief
from bot.model.ledger import KnownFact
from bot.model.news import sentences_of
from bot.model.story import Actor, Announcement, Disagreement, Figure

SAME_PLAN_SIMILARITY = 0.48  # from which two announcements for one day are one
_DISAGREEMENT = "disagreement "  # what begins the name of one in a channel's memory


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelMemory:
    """What one channel was sent: of this story, and the ids and sentences of facts of all stories."""

    story: SentStory | None = None
    facts: frozenset[str] = frozenset()
    sentences: frozenset[tuple[str, int, int]] = frozenset()
    background: frozenset[str] = frozenset()  # ids of articles that were old when they came: no news
    retold: frozenset[str] = frozenset()  # ids of articles that retell the story after a silence
    earlier: tuple[
        str, ...
    ] = ()  # sentences of the story that had been read when the channel was last sent it
    interests: tuple[str, ...] = ()  # what its subscription asks for

    def was_sent(self, known: KnownFact) -> bool:
        """Tell whether the fact was sent, by its id or by every sentence it cites."""
        return not self.facts.isdisjoint(known.ids) or sentences_of(known.fact.citations) <= self.sentences

    def is_new(self, known_at: datetime) -> bool:
        """Return whether something known since ``known_at`` was unknown when the channel was last sent the story."""
        return self.story is None or known_at > self.story.sent_at

    def is_of_a_day_since(self, as_of: datetime) -> bool:
        """Return whether ``as_of`` is the day on which the channel was last sent the story, or later."""
        return self.story is None or as_of.date() >= self.story.sent_at.date()


def actor_id(actor: Actor) -> str:
    """Return the id of an actor in a channel's memory; with another position it is news again."""
    return f"actor {actor.name}: {actor.position or actor.role}"


def disagreement_id(one: Disagreement) -> str:
    """Return the id of a disagreement in a channel's memory: its sides, whatever the wording of the question."""
    return f"{_DISAGREEMENT}{' / '.join(sorted(f'{c.by}: {c.text}' for c in one.claims))}"


def background_id(said: Statement) -> str:
    """Return the id of a line of background in a channel's memory; it is sent once."""
    return f"background {said.text}"


def figure_id(figure: Figure) -> str:
    """Return the id of a figure in a channel's memory."""
    return f"figure {figure.value} {figure.counts} {figure.claimant}"


def announcement_id(one: Announcement) -> str:
    """Return the id of an announcement in a channel's memory; for another day it has another id."""
    return f"announced {one.what} {one.due or ''}"


def sent_ids(brief: StoryBrief) -> tuple[str, ...]:
    """Return the ids that ``brief`` adds to a channel's memory."""
    facts = [statement.fact for statement in brief.bullets if statement.fact]
    return (
        *facts,
        *([background_id(brief.background)] if brief.background else []),
        *map(actor_id, brief.actors),
        *map(figure_id, brief.figures),
        *map(disagreement_id, brief.disagreements),
        *map(announcement_id, brief.next),
    )


def was_shown(one: Disagreement, memory: ChannelMemory) -> bool:
    """Return whether a channel was shown the sides in nearly the same words; if one says something else, it is news again."""
    sides = disagreement_id(one)
    known = (shown for shown in memory.facts if shown.startswith(_DISAGREEMENT))
    return sides in memory.facts or any(is_copy(sides, shown) for shown in known)


def was_announced(one: Announcement, memory: ChannelMemory) -> bool:
    """Return whether the channel was sent the announcement for this day in much the same words."""
    if announcement_id(one) in memory.facts:
        return True
    if memory.story is None:
        return False
    if one.due is None:
        return is_restated(one.what, memory.story.statements)
    sent = (e for e in memory.story.expectations if e.due == one.due)
    return any(similarity(one.what, other.what) >= SAME_PLAN_SIMILARITY for other in sent)
