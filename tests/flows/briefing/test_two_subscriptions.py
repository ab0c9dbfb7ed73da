"""Two subscriptions of one channel that read different feeds: what one sent is known to the other, and shown only where it reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.config import BriefingSettings
from bot.flows.briefing.brief import brief_channel, make_briefing
from bot.flows.briefing.gather import gather
from bot.flows.briefing.request import BriefingRequest
from bot.flows.briefing.session import ModelSession
from bot.flows.briefing.subscription_filter import SubscriptionFilter
from bot.flows.maintenance.evaluate import keep
from bot.model.record_key import fence_of
from bot.model.scope import SHARED
from tests.flows.ferry import AGREED, ARTICLES, KINDS, MONDAY, Answers, article, fact, reply

pytestmark = pytest.mark.slow
NOON = MONDAY + timedelta(hours=4)
CHANNEL = "slack:T1/C1"
SETTINGS = BriefingSettings(window_hours=48)
VOTE = "The ferry crews of Orsund Line will vote on the offer of Orsund Line on Friday, Tove Lind said."
TOLD = reply(
    announcements=[
        {"what": "The ferry crews will vote on the offer", "when": "on Friday", "due": "2025-03-07", "due_end": "", "by": "Tove Lind", "cite": [7]}
    ]
)  # fmt: skip
DEAL = "Orsund Line and the seafarers' union agreed in Brekk on Tuesday on a rise in pay of 5 percent."


def session(model):
    return ModelSession(model=model, kinds=KINDS, fence=fence_of)


async def other(store, model, *, day):
    """Return what the subscription that reads the feed "fee-b" alone gets."""
    at = NOON + timedelta(days=day)
    request = BriefingRequest(
        sent=await store.briefings.sent_stories(CHANNEL),
        since=at - timedelta(days=1),
        at=at,
        settings=SETTINGS,
        by=SHARED,
        subscription_filter=SubscriptionFilter(feeds=frozenset({"fee-b"})),
    )
    inputs = await gather(request, store=store)
    return await make_briefing(
        inputs, store=store, channel=CHANNEL, settings=SETTINGS, session=session(model)
    )


async def test_rule_3_what_another_subscription_sent_from_other_feeds_is_no_line_of_this_one(archive):
    await keep([*ARTICLES, article("art-2", VOTE, hours=3)], store=archive, at=NOON)
    await brief_channel(
        store=archive, channel=CHANNEL, scope=SHARED, settings=SETTINGS, now=NOON, session=session(Answers(TOLD))
    )  # fmt: skip
    await keep(
        [article("art-3", DEAL, hours=20, feed_id="fee-b")], store=archive, at=NOON + timedelta(hours=20)
    )
    under_way = {**AGREED, "phase": "under way", "change": "act"}
    made = await other(archive, Answers(under_way), day=1)
    (story,) = made.briefing.stories
    assert (story.status.line, story.previous_status) == (AGREED["status"]["text"], None)
    assert {source.article_id for source in made.briefing.sources} == {"art-3"}
    # What was announced to the channel is not forgotten by the subscription that cannot read of it.
    assert [e.what for e in made.sent[0].expectations] == ["The ferry crews will vote on the offer"]
    await archive.briefings.save(
        made.briefing, destination=CHANNEL, scope=SHARED, slot="other", sent=made.sent, record=made.record
    )
    later = await other(archive, Answers(), day=2)
    assert [one.headline.citations[0].article_id for one in later.briefing.unchanged] == ["art-3"]
    # Nor is it remembered for ever.
    ratified = "The crews of Orsund Line ratified the deal on pay in Brekk with 1,100 of 1,250 votes, the seafarers' union said."
    await keep(
        [article("art-4", ratified, hours=470, feed_id="fee-b")],
        store=archive,
        at=NOON + timedelta(days=19.5),
    )
    votes = fact("The crews ratified the deal with 1,100 of 1,250 votes.", 1, importance=3)
    last = await other(archive, Answers({**under_way, "facts": [votes]}), day=20)
    assert [sent.expectations for sent in last.sent] == [()]
