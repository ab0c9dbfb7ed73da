"""What a channel was told is not told it again in other words, also where it was a headline; who was not told it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.config import BriefingSettings
from bot.flows.briefing.brief import brief_channel
from bot.flows.briefing.session import ModelSession
from bot.flows.maintenance.evaluate import keep
from bot.model.record_key import fence_of
from bot.model.scope import SHARED
from tests.flows.ferry import ARTICLES, KINDS, MONDAY, Answers, article, fact, reply

pytestmark = [pytest.mark.slow, pytest.mark.one_engine]
NOON = MONDAY + timedelta(hours=4)
AGAIN = "The crews of Orsund Line ferries sat down with the company on Monday for talks on wages."
LATER = "Karin Moe called off the wage talks of Orsund Line and its crews."
EMPTY = {"text": "", "cite": []}


def answers(*, again):
    """Return a model that reads ``AGAIN`` as new on Tuesday, and says on a second look whether it is."""
    first = reply(questions=[])
    second = reply(
        headline=EMPTY,
        status=EMPTY,
        facts=[fact(AGAIN, 1, importance=3), fact(LATER, 2, importance=3)],
        actors=[],
        questions=[],
    )

    def answer(request):
        if request.purpose == "second look":
            return {"verdicts": [], "repeats": [{"field": "facts[0]", "again": again}]}
        return second if "sat down" in request.user else first

    return Answers(answer)


async def told(store, model, *, channel, day):
    briefing = await brief_channel(
        store=store,
        channel=channel,
        scope=SHARED,
        settings=BriefingSettings(window_hours=96),
        now=NOON + timedelta(days=day),
        session=ModelSession(model=model, kinds=KINDS, fence=fence_of),
    )
    return [bullet.text for story in briefing.stories for bullet in story.bullets]


@pytest.mark.parametrize("again", [True, False])
async def test_a_headline_in_other_words_is_told_once_to_each_channel(store, again):
    model = answers(again=again)
    await keep(ARTICLES, store=store, at=NOON)
    await told(store, model, channel="slack:T1/C1", day=0)
    later = article("art-9", f"{AGAIN} {LATER}", hours=22)
    await keep([later], store=store, at=NOON + timedelta(days=1))
    assert await told(store, model, channel="slack:T1/C1", day=1) == ([LATER] if again else [AGAIN, LATER])
    looks = [request.user for request in model.requests if request.purpose == "second look"]
    assert any(f"{AGAIN}\n  known: Ferry crews and Orsund Line open wage talks" in user for user in looks)
    assert {AGAIN, LATER} <= set(await told(store, model, channel="slack:T1/C2", day=1))
