"""What was announced to a channel is remembered until its outcome is told, and told once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.config import BriefingSettings
from bot.flows.briefing.brief import brief_channel
from bot.flows.briefing.session import ModelSession
from bot.flows.maintenance.evaluate import keep
from bot.model.record_key import fence_of
from bot.model.scope import SHARED
from bot.model.story import Outcome
from tests.flows.ferry import ARTICLES, KINDS, MONDAY, Answers, article, fact, reply

pytestmark = pytest.mark.slow
NOON = MONDAY + timedelta(hours=4)
EMPTY = {"text": "", "cite": []}
VOTE = "The ferry crews of Orsund Line will vote on the offer of Orsund Line on Friday, Tove Lind said."
TOLD = reply(
    announcements=[
        {"what": "The ferry crews will vote on the offer", "when": "on Friday", "due": "2025-03-07", "due_end": "", "by": "Tove Lind", "cite": [7]}
    ]
)  # fmt: skip
MORE = fact("Ferry crews of Orsund Line met on the quay in Brekk.", 1)
VOTED = "Ferry crews of Orsund Line voted on the offer of Orsund Line on Friday."


def only(*facts, **fields):
    return reply(headline=EMPTY, status=EMPTY, facts=list(facts), actors=[], questions=[], **fields)


async def morning(store, model, *articles, days):
    """Let ``articles`` come before noon of a day, and return its briefing."""
    at = NOON + timedelta(days=days)
    if articles:
        await keep(articles, store=store, at=at)
    return await brief_channel(
        store=store,
        channel="slack:T1/C1",
        scope=SHARED,
        settings=BriefingSettings(window_hours=48),
        now=at,
        session=ModelSession(model=model, kinds=KINDS, fence=fence_of),
    )


async def test_an_outcome_is_told_once_whatever_was_told_of_the_story_in_between(store):
    settled = [{"known": "A1", "outcome": "happened", "due": "", "cite": [1]}]
    model = Answers(TOLD, only(MORE), only(settled=settled))
    first = await morning(store, model, *ARTICLES, article("art-2", VOTE, hours=3), days=0)
    (story,) = first.stories
    assert [e.what for e in story.next] == ["The ferry crews will vote on the offer"]
    met = article("art-3", "Ferry crews of Orsund Line met on the quay in Brekk on Tuesday.", hours=27)
    again = await morning(store, model, met, days=1)
    assert [s.next for s in again.stories] == [()]
    assert len((await morning(store, model, days=4)).watch) == 1
    done = await morning(store, model, article("art-4", VOTED, hours=122), days=5)
    assert [w.expectation.outcome for w in done.settled] == [Outcome.HAPPENED]
    for days in (6, 7, 8):
        assert (await morning(store, model, days=days)).settled == ()


async def test_a_day_that_was_announced_weeks_ahead_is_watched_though_the_story_was_silent_since(store):
    vote = "The ferry crews of Orsund Line will vote on the offer of Orsund Line on 25 March, Tove Lind said."
    announced = TOLD["announcements"][0] | {"when": "on 25 March", "due": "2025-03-25"}
    told = reply(announcements=[announced])
    model = Answers(told)
    (story,) = (await morning(store, model, *ARTICLES, article("art-2", vote, hours=3), days=0)).stories
    assert len(story.next) == 1
    assert not (await morning(store, model, days=20)).watch
    assert len((await morning(store, model, days=22)).watch) == 1
    later = await morning(store, model, days=24)
    assert (later.watch, later.unchanged) == ((), ())


async def test_what_moved_is_announced_with_its_new_day_and_its_outcome_is_told(store):
    put_off = (
        "A storm warning for the islands has the vote of the ferry crews on the offer put off to Sunday."
    )
    moved = [{"known": "A1", "outcome": "moved", "due": "2025-03-09", "cite": [2]}]
    happened = [{"known": "A1", "outcome": "happened", "due": "", "cite": [1]}]
    model = Answers(TOLD, only(MORE, settled=moved), only(settled=happened))
    await morning(store, model, *ARTICLES, article("art-2", VOTE, hours=3), days=0)
    told = await morning(
        store,
        model,
        article(
            "art-3", f"Ferry crews of Orsund Line met on the quay in Brekk on Tuesday. {put_off}", hours=27
        ),
        days=1,
    )
    assert [str(e.due) for s in told.stories for e in s.next] == ["2025-03-09"]
    sunday = VOTED.replace("on Friday", "on Sunday")
    done = await morning(store, model, article("art-4", sunday, hours=150), days=7)
    assert [w.expectation.outcome for w in done.settled] == [Outcome.HAPPENED]
    assert (await morning(store, model, days=8)).settled == ()


async def test_what_nobody_reported_is_said_once_when_an_article_came_after_the_day_and_never_as_happened(
    store,
):
    model = Answers(TOLD, only(MORE))
    await morning(store, model, *ARTICLES, article("art-2", VOTE, hours=3), days=0)
    for days in (5, 6, 7):
        assert (await morning(store, model, days=days)).settled == ()
    met = article("art-3", "Ferry crews of Orsund Line met on the quay in Brekk on Monday.", hours=171)
    silent = await morning(store, model, met, days=8)
    assert [w.expectation.outcome for w in silent.settled] == [Outcome.NO_REPORT]
    assert (await morning(store, model, days=9)).settled == ()


async def test_a_day_long_past_of_which_nobody_reported_is_not_asked_after(store):
    model = Answers(TOLD, only(MORE))
    await morning(store, model, *ARTICLES, article("art-2", VOTE, hours=3), days=0)
    met = article("art-3", "Ferry crews of Orsund Line met on the quay in Brekk on Monday.", hours=24 * 21)
    assert (await morning(store, model, met, days=22)).settled == ()


async def test_a_fact_that_tells_it_settles_what_a_model_left_open(store):
    model = Answers(
        TOLD, only(fact("Ferry crews of Orsund Line voted on the offer of Orsund Line on Friday.", 1))
    )
    await morning(store, model, *ARTICLES, article("art-2", VOTE, hours=3), days=0)
    done = await morning(store, model, article("art-4", VOTED, hours=122), days=5)
    assert [w.expectation.outcome for w in done.settled] == [Outcome.HAPPENED]
    assert done.settled[0].expectation.settled_by.article_id == "art-4"
    assert (await morning(store, model, days=6)).settled == ()
