"""The input that the reading of a story needs: a story that the channel chose to follow is read at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.config import BriefingSettings
from bot.flows.briefing.choosing.choose_stories import drafts_of, ranked_by_name
from bot.flows.briefing.gather import gather
from bot.flows.briefing.request import BriefingRequest
from bot.flows.maintenance.evaluate import keep
from bot.model.briefing import SentStory
from bot.model.conversation.reader import StoryChoice, Want
from bot.model.scope import SHARED
from tests.flows.ferry import ARTICLES, MONDAY
from tests.updates.made import update

pytestmark = pytest.mark.slow
NOON = MONDAY + timedelta(hours=4)


@pytest.mark.parametrize("want", [Want.FOLLOW, None])
async def test_a_story_that_the_channel_follows_is_read_at_once_though_it_was_never_sent(archive, want):
    await keep(ARTICLES, store=archive, at=NOON)
    (story,) = await archive.stories.recent(MONDAY - timedelta(days=1), by=SHARED)
    choices = (StoryChoice(destination="slack:T1/C1", story_id=story.id, want=want, at=NOON),) if want else ()
    settings = BriefingSettings(window_hours=48)
    request = BriefingRequest(
        sent={},
        since=MONDAY - timedelta(days=1),
        at=NOON + timedelta(minutes=1),
        settings=settings,
        by=SHARED,
        choices=choices,
    )
    inputs = await gather(request, store=archive)
    (draft,) = drafts_of(inputs, ranked_by_name(inputs, settings=settings))
    assert draft.followed is bool(want)


@pytest.mark.parametrize(("read_at", "known"), [(NOON, True), (NOON + timedelta(hours=1), False)])
async def test_what_had_been_read_when_the_story_was_sent_is_remembered_as_earlier(archive, read_at, known):
    await keep(ARTICLES, store=archive, at=NOON)
    (story,) = await archive.stories.recent(MONDAY - timedelta(days=1), by=SHARED)
    settings = BriefingSettings(window_hours=48)
    request = BriefingRequest(
        sent={story.id: SentStory(story_id=story.id, sent_at=NOON)},
        since=MONDAY - timedelta(days=1),
        at=NOON + timedelta(hours=2),
        settings=settings,
        by=SHARED,
    )
    inputs = await gather(request, store=archive)
    ranked = ranked_by_name(inputs, settings=settings)
    first = ARTICLES[0]
    read = update("u1", made_at=read_at, articles=(first.id,))
    moved = tuple(replace(context, updates=(read,)) for context in inputs.moved)
    (draft,) = drafts_of(replace(inputs, moved=moved), ranked)
    assert draft.memory.earlier == (tuple(s.text for s in first.sentences) if known else ())
