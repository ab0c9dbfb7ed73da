"""A briefing is made again from what was known then, with the replies that were recorded with it."""

from __future__ import annotations

import json

import pytest

from bot.config import Config, DatabaseSettings
from bot.llm.offline.scripted import ScriptedModel
from bot.llm.offline.scripted_replies import scripted_answer
from bot.model.briefing import Writer
from bot.runtime.compose import open_app
from tests.e2e.test_model_failures import NOW, WINDOW, archive

pytestmark = pytest.mark.slow


class Thinking(ScriptedModel):
    """Thinks aloud before it answers, as its reply shows."""

    async def complete(self, request):
        reply = await super().complete(request)
        thought = '<think>Perhaps {"facts": []}?</think>'
        return type(reply)(
            data=reply.data, text=f"{thought}{json.dumps(reply.data)}", model="m", usage=reply.usage
        )


async def test_a_briefing_is_the_same_when_it_is_made_again():
    config = Config(database=DatabaseSettings(url="sqlite:///:memory:"), briefings=WINDOW)
    async with open_app(config, now=lambda: NOW, model=Thinking(scripted_answer)) as app:
        await archive(app)
        briefing = await app.brief_channel("morning")
        assert {story.writer for story in briefing.stories} == {Writer.MODEL}
        again = await app.replay(briefing.id)
    assert again.differences == ()
