"""Divide a story update between a story and another that was split off it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from bot.model.ids import derive_id
from bot.model.news import Citation
from bot.model.update import StoryUpdate


def divided(
    update: StoryUpdate, moved: Collection[str], *, into: str
) -> tuple[StoryUpdate | None, StoryUpdate | None]:
    """Return the part of ``update`` that stays and the part that goes ``into`` the new story with the articles ``moved``; None if empty.

    Facts keep their ids and citations, so that what was sent stays sent. A field that cites articles of both stories goes with
    the first citation.
    """
    cited = {side.citation.article_id for one in update.closed for side in one.sides}
    there = {article_id for article_id, _ in update.articles} | cited
    if not there & set(moved):
        return update, None
    if there <= set(moved):
        return None, replace(update, story_id=into)

    def goes(citations: Sequence[Citation]) -> bool:
        return bool(citations) and citations[0].article_id in moved

    stays = _part(update, lambda citations: not goes(citations), lambda article_id: article_id not in moved)
    part = _part(update, goes, lambda article_id: article_id in moved)
    return stays, replace(part, id=derive_id("upd", update.id, into), story_id=into, questions=())


def _part(
    update: StoryUpdate, ours: Callable[[Sequence[Citation]], bool], read: Callable[[str], bool]
) -> StoryUpdate:
    headline, status = update.headline, update.status
    with_status = status is not None and ours(status.citations)
    with_state = ours(update.state_citations) if update.state_citations else with_status
    kept = [place for place, key in enumerate(update.articles) if read(key[0])]
    return replace(
        update,
        articles=tuple(update.articles[place] for place in kept),
        sites=tuple(update.sites[place] for place in kept) if update.sites else (),
        said_over=update.said_over and with_status,
        headline=headline if headline and ours(headline.citations) else None,
        state=update.state if with_state else "",
        state_citations=update.state_citations if with_state else (),
        phase=update.phase if with_status else None,
        status=status if with_status else None,
        change=update.change if with_status else None,
        facts=tuple(one for one in update.facts if ours(one.citations)),
        actors=tuple(one for one in update.actors if ours(one.citations)),
        figures=tuple(one for one in update.figures if ours(one.citations)),
        announcements=tuple(one for one in update.announcements if ours(one.citations)),
        settled=tuple(one for one in update.settled if ours(one.citations)),
        contradictions=tuple(
            one for one in update.contradictions if ours(tuple(side.citation for side in one.sides))
        ),
        closed=tuple(one for one in update.closed if ours(tuple(side.citation for side in one.sides))),
        background=tuple(one for one in update.background if ours(one.citations)),
        elsewhere=tuple(one for one in update.elsewhere if ours((one,))),
        roundups=tuple(one for one in update.roundups if read(one)),
    )
