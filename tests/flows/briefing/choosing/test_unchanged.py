"""Stories without news: listed once while they go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.blocking import run_blocking
from bot.chat.document.message import to_message
from bot.chat.document.notices import notice
from bot.config import BriefingSettings
from bot.flows.briefing.brief import brief_channel
from bot.flows.briefing.session import ModelSession
from bot.flows.maintenance.evaluate import keep
from bot.model.record_key import fence_of
from bot.model.scope import SHARED
from tests.flows.ferry import KINDS, MONDAY, TEXTS, WANTED, Answers, article, fact, reply

pytestmark = pytest.mark.slow
NOON = MONDAY + timedelta(hours=4)
ZONE = ZoneInfo("UTC")  # its file is read here: a running loop may not
DEAL = "Orsund Line and the seafarers' union agreed in Brekk on Tuesday on a rise in pay of 5 percent for the ferry crews."


BEGAN = TEXTS[1].replace("Negotiations over pay for the crews of Orsund Line began", "Negotiations began over pay for the crews of Orsund Line")  # fmt: skip
ARTICLES = [article("art-0", TEXTS[0]), article("art-1", BEGAN, hours=1)]
IN_TALKS = {"name": "talking", "cite": [4]}


async def brief(store, model=None, *, day=0, articles=()):
    at = NOON + timedelta(days=day)
    await keep(articles, store=store, at=at)
    session = ModelSession(model=model, kinds=KINDS, fence=fence_of) if model else None
    return await brief_channel(
        store=store,
        channel="slack:T1/C1",
        scope=SHARED,
        settings=BriefingSettings(window_hours=48),
        now=at,
        session=session,
    )


async def said(briefing):
    """Return the sentence above ``briefing``, as if a feed had been read."""
    read = replace(briefing.coverage, nothing_read=False)
    return await run_blocking(notice, replace(briefing, coverage=read))


def ended(phase):
    return reply(
        headline={"text": "Orsund Line and union agree on pay", "cite": [1]},
        phase=phase,
        status={"text": "Orsund Line and the union agreed on a rise in pay", "said_by": "", "day": "2025-03-04", "cite": [1]},
        change="phase",
        facts=[fact("Orsund Line and the seafarers' union agreed on a rise in pay of 5 percent.", 1, importance=3)],
        actors=[],
        questions=[],
    )  # fmt: skip


@pytest.mark.parametrize("phase", ["over", "decided"])
async def test_a_story_whose_course_is_over_leaves_the_list(store, phase):
    await brief(store, Answers(reply(phase="decided")), articles=ARTICLES)
    deals = [article(f"deal-{i}", DEAL.replace("in Brekk", f"in Brekk {word}"), hours=22) for i, word in enumerate(("late", "early"))]  # fmt: skip
    told = await brief(store, Answers(ended(phase)), day=1, articles=deals)
    assert [story.status.phase for story in told.stories] == [phase]
    assert not (await brief(store, day=2)).unchanged


@pytest.mark.parametrize(
    ("model", "listed"),
    [
        (None, 0),
        (Answers(reply(phase="decided", announcements=[])), 0),
        (Answers(reply()), 0),  # of which no state is known: it may be over by now
        (Answers(reply(state=IN_TALKS)), 1),
    ],
)
async def test_only_a_story_that_goes_on_is_listed(archive, model, listed):
    await brief(archive, model, articles=ARTICLES)
    assert len((await brief(archive, day=1)).unchanged) == listed


async def test_a_story_nobody_hears_of_is_listed_once(archive):
    await brief(archive, Answers(reply(state=IN_TALKS)), articles=ARTICLES)
    assert [len((await brief(archive, day=day)).unchanged) for day in (1, 2, 3)] == [1, 0, 0]


async def test_a_feature_is_not_listed_as_unchanged(archive):
    guides = [replace(one, title="What ferry crews earn") for one in ARTICLES]
    (story,) = (await brief(archive, Answers(reply(state=IN_TALKS)), articles=guides)).stories
    assert story.feature
    assert (await brief(archive, day=1)).unchanged == ()


async def test_unchanged_for_counts_from_the_newest_status(archive):
    await brief(archive, Answers(reply(state=IN_TALKS)), articles=ARTICLES)
    again = reply(
        status={
            "text": "Wage talks in Brekk continued on Wednesday",
            "said_by": "",
            "day": "2025-03-05",
            "cite": [1],
        },
        facts=[WANTED | {"relation": "restates", "known": "F1", "cite": [2]}],
        actors=[],
        questions=[],
    )
    later = "Wage talks between ferry crews and Orsund Line in Brekk continued on Wednesday. The seafarers' union wants 8 percent more pay, Tove Lind said again."
    briefing = await brief(archive, Answers(again), day=3, articles=[article("art-5", later, hours=52)])
    assert briefing.stories == ()
    (line,) = (await run_blocking(to_message, briefing)).parts[-1].lines
    assert "unchanged for 1 day" in line.text


async def test_what_was_sent_after_an_old_status_counts_as_news(archive):
    await brief(archive, Answers(reply(state=IN_TALKS)), articles=ARTICLES)
    briefing = await brief(archive, day=1)
    (item,) = briefing.unchanged
    old = replace(item, status=replace(item.status, as_of=MONDAY - timedelta(days=30)))
    for listed, days in ((old, "1 day"), (replace(old, last_sent_at=None), "31 days")):
        message = await run_blocking(to_message, replace(briefing, unchanged=(listed,)))
        (line,) = message.parts[-1].lines
        assert f"unchanged for {days}" in line.text


@pytest.mark.parametrize(
    ("day", "date", "listed"), [("Monday", "2025-03-03", 0), ("Tuesday", "2025-03-04", 1)]
)
async def test_a_story_of_which_an_announced_day_passed_without_a_report_is_not_listed(
    archive, day, date, listed
):
    planned = {
        "what": f"State mediator Karin Moe is leading the negotiations until {day}",
        "when": f"until {day}", "due": date, "due_end": "", "by": "", "cite": [6],
    }  # fmt: skip
    text = f"{TEXTS[1][:-1]} until {day}."
    articles = [ARTICLES[0], article("art-1", text, hours=1)]
    briefing = await brief(
        archive, Answers(reply(state=IN_TALKS, announcements=[planned])), articles=articles
    )
    assert [str(story.next[0].due) for story in briefing.stories] == [date]
    assert len((await brief(archive, day=1)).unchanged) == listed


async def test_a_story_is_not_said_to_be_unchanged_when_nobody_read_what_came(store):
    await brief(store, Answers(reply(state=IN_TALKS)), articles=ARTICLES)
    nothing_came = await brief(store, day=1)
    assert nothing_came.unchanged
    assert await said(nothing_came) == "Quiet: no material change in the 1 story you follow."
    # A page came of which nothing can be quoted: whether it changes anything nobody knows, on that day or the next.
    asks = article(
        "asks", "Wage talks between ferry crews and Orsund Line in Brekk: what will you pay?", hours=30
    )
    untold = await brief(store, day=2, articles=[asks])
    assert (untold.stories, untold.unchanged) == ((), ())
    assert await said(untold) == ("Quiet: 1 new article, and nothing in it that is new and certain.")
    later = await brief(store, day=3)
    assert (later.unchanged, await said(later)) == ((), "Quiet: no news.")
