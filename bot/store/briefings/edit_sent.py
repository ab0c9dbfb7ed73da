"""Merge and split what channels were sent of stories, so that nothing is sent again. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.model.briefing import SentStory
from bot.model.news import Citation
from bot.model.scope import SHARED

T = TypeVar("T")


def joined(sent: Sequence[SentStory], *, story_id: str) -> SentStory:
    """Merge what a channel was ``sent`` of several stories into that of the one story ``story_id``.

    The newest status and headline are used; everything that was sent counts.
    """
    ordered = sorted(sent, key=lambda one: one.sent_at)
    newest = ordered[-1]
    headed = next((one for one in reversed(ordered) if one.headline), newest)
    return SentStory(
        story_id=story_id,
        sent_at=newest.sent_at,
        status=next((one.status for one in reversed(ordered) if one.status), None),
        headline=headed.headline,
        headline_citations=headed.headline_citations,
        statements=_once(text for one in ordered for text in one.statements),
        expectations=_once(expected for one in ordered for expected in one.expectations),
        facts=_once(fact for one in ordered for fact in one.facts),
        sentences=_once(sentence for one in ordered for sentence in one.sentences),
        before=max((one.before for one in ordered if one.before), default=None),
        by=next((one.by for one in ordered if one.by != SHARED), SHARED),
    )


def kept_with(now: SentStory, before: SentStory) -> SentStory:
    """Return ``now`` with everything that was sent ``before``, of which a briefing begun earlier may lack some."""
    return replace(
        now,
        statements=_once((*before.statements, *now.statements)),
        facts=_once((*before.facts, *now.facts)),
        sentences=_once((*before.sentences, *now.sentences)),
        before=now.before or before.before,
    )


def split(
    sent: SentStory, moved: Collection[str], *, into: str, facts: Iterable[str] = (), was_sent: bool
) -> tuple[SentStory, SentStory | None]:
    """Split what a channel was sent of a story: without the articles ``moved``, and for the new story with them.

    Everything that was sent counts for both, with the ids of ``facts`` that repeat it. Status, headline and
    announcements go with their sentences. If nothing of the new story was sent, nothing counts for it.
    """
    sent = replace(sent, facts=_once((*sent.facts, *facts)))
    stays = _with(sent, lambda citations: not _about(citations, moved))
    goes = replace(_with(sent, lambda citations: _about(citations, moved)), story_id=into)
    known = was_sent or any(citation.article_id in moved for citation in sent.sentences)
    return stays, goes if known or goes.status or goes.headline or goes.expectations else None


def _with(sent: SentStory, ours: Callable[[Sequence[Citation]], bool]) -> SentStory:
    headed = bool(sent.headline_citations) and ours(sent.headline_citations)
    return replace(
        sent,
        status=sent.status if sent.status and ours((sent.status.citation,)) else None,
        headline=sent.headline if headed else "",
        headline_citations=sent.headline_citations if headed else (),
        expectations=tuple(e for e in sent.expectations if ours((e.citation,))),
    )


def _about(citations: Sequence[Citation], moved: Collection[str]) -> bool:
    return bool(citations) and citations[0].article_id in moved


def _once(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
