"""The stories that a briefing will need, so that they can be read before its scheduled time; ranked without a model."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.blocking import run_blocking
from bot.config import BriefingSettings
from bot.flows.briefing.choosing.choose_stories import READ_STORIES_PER_PRINTED, drafts_of, ranked_by_name
from bot.flows.briefing.choosing.rank_stories import can_wait
from bot.flows.briefing.draft import StoryDraft
from bot.flows.briefing.gather import BriefingInput
from bot.flows.briefing.session import ModelSession
from bot.flows.briefing.write import news_so_far
from bot.flows.updates.order import SlotNeeds
from bot.flows.updates.story import StoryMaterial, needs_reading
from bot.flows.updates.translate import PlannedTranslation, translations_needed
from bot.kinds import Kind, shipped_kinds
from bot.model.briefing import StoryBrief, printed_texts


async def needs_of(
    inputs: BriefingInput,
    *,
    due: datetime,
    settings: BriefingSettings,
    session: ModelSession,
    workspace: str = "",
) -> SlotNeeds:
    """Return the stories that must be read for a slot at ``due`` (aware), as known now.

    A candidate that was read and has no news, or only some that can wait, is replaced by the next one: as many stories are
    needed as the briefing shows, or half as many near the ceiling of the budget.
    """
    kinds = await run_blocking(shipped_kinds) if session.kinds is None else session.kinds
    ranked = await run_blocking(ranked_by_name, inputs, settings=settings)
    most = session.most(settings.stories)
    stories, written = await run_blocking(
        _needed,
        drafts_of(inputs, ranked[: READ_STORIES_PER_PRINTED * settings.stories]),
        most=settings.stories if most is None else most,
        kinds=kinds,
        session=session,
        at=inputs.at,
        timezone=settings.timezone,
        followed=inputs.chosen,
    )
    planned = {material.story_id for material in stories}
    chosen = inputs.chosen - planned if most is None else frozenset()
    followed = drafts_of(inputs, [brief for brief in ranked if brief.story_id in chosen])
    return SlotNeeds(
        due=due,
        stories=stories,
        followed=tuple(draft.material for draft in followed),
        workspace=workspace,
        translations=await run_blocking(_translations, written, settings.language, workspace)
        if settings.translate and not session.is_low
        else (),
    )


def _translations(
    written: Sequence[tuple[StoryDraft, StoryBrief]], language: str, workspace: str
) -> tuple[PlannedTranslation, ...]:
    """Return what of the stories ``written``, as they are known now, readers of ``language`` cannot read yet."""
    return tuple(
        one
        for draft, news in written
        for one in translations_needed(
            draft.updates,
            (*draft.articles, *draft.older),
            language=language,
            shown=frozenset(printed_texts(news)),
            workspace=workspace,
        )
    )


def _needed(
    drafts: Sequence[StoryDraft],
    *,
    most: int,
    kinds: Mapping[str, Kind],
    session: ModelSession,
    at: datetime,
    timezone: str,
    followed: Collection[str],
) -> tuple[tuple[StoryMaterial, ...], list[tuple[StoryDraft, StoryBrief]]]:
    """Return the stories to be read so that ``most`` of ``drafts``, the first ones, have news that cannot wait, and the news of the others."""
    found: list[StoryMaterial] = []
    written: list[tuple[StoryDraft, StoryBrief]] = []
    enough_news = 0
    for draft in drafts:
        if enough_news == most:
            break
        if needs_reading(draft.material, kinds=kinds, at=at, every=session.every):
            found.append(draft.material)
            enough_news += 1
        elif news := news_so_far(draft, at=at, timezone=timezone):
            written.append((draft, news))
            enough_news += not can_wait(news, followed=followed)
    return tuple(found), written
