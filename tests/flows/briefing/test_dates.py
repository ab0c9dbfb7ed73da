"""Every day that a reader is told of has its date, by the calendar of the article that names it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.blocking import run_blocking
from bot.chat.document.message import to_message
from bot.config import BriefingSettings
from bot.flows.briefing.brief import brief_channel
from bot.flows.briefing.session import ModelSession
from bot.flows.maintenance.evaluate import keep
from bot.model.news import DateSource
from bot.model.record_key import fence_of
from bot.model.scope import SHARED
from tests.flows.ferry import ARTICLES, KINDS, MONDAY, Answers, article, fact, reply

pytestmark = pytest.mark.slow
NOON = MONDAY + timedelta(hours=4)
ZONE = ZoneInfo("Europe/Berlin")  # its file is read here: a running loop may not
SALE = "The lighthouse of Velt was sold to a bakery chain on Monday for 2 million crowns, the mayor told the council, and 40 guides lose their work."


async def told(archive, *articles, model=None):
    """Return every line of the stories that a channel is told of ``articles``."""
    await keep(articles, store=archive, at=NOON)
    session = ModelSession(model=model, kinds=KINDS, fence=fence_of) if model else None
    settings = BriefingSettings(window_hours=48, timezone=ZONE.key)
    briefing = await brief_channel(
        store=archive, channel="slack:T1/C1", scope=SHARED, settings=settings, now=NOON, session=session
    )
    message = await run_blocking(to_message, briefing)
    blocks = [story for part in message.parts for story in part.stories]
    return [line.text for block in blocks for line in (block.headline, *block.status, *block.bullets)]


async def test_a_quoted_sentence_gets_the_date_of_its_day(archive):
    lines = await told(archive, article("art-9", SALE, title="Lighthouse of Velt sold"))
    assert any("on Monday 3 March" in line for line in lines)


async def test_what_a_model_left_gets_its_date(archive):
    voted = "Ferry crews of Orsund Line in Brekk will vote on Thursday on a strike, their union said."
    made = reply(
        headline={"text": "Ferry crews to vote on a strike", "cite": [1]},
        status={"text": "", "said_by": "", "day": "", "cite": []},
        facts=[fact("Ferry crews of Orsund Line will vote on Thursday on a strike.", 1, claimant="their union")],
        actors=[],
        questions=[],
    )  # fmt: skip
    lines = await told(archive, article("art-1", voted), model=Answers(made))
    assert any("vote on Thursday 6 March on a strike" in line for line in lines)


async def test_the_day_is_that_of_the_articles_own_clock(archive):
    late = article(
        "art-9", SALE, title="Lighthouse of Velt sold", hours=-9, utc_offset=120
    )  # 01:00 on Monday there
    assert any("on Monday 3 March" in line for line in await told(archive, late))


async def test_of_an_undated_article_no_day_is_resolved(archive):
    undated = article("art-9", SALE, title="Lighthouse of Velt sold", date_source=DateSource.FETCHED)
    lines = await told(archive, undated)
    assert any("on Monday" in line for line in lines)
    assert not any("3 March" in line for line in lines)


async def test_what_is_quoted_stays_as_it_was_said(archive):
    said = "Wage talks in Brekk ended on Monday. “We told them on Monday that we had had enough of Orsund Line,” union leader Tove Lind said."
    lines = await told(archive, *ARTICLES[1:], article("art-8", said))
    quoted = [line for line in lines if "We told them on Monday" in line]
    assert all("on Monday that we" in line for line in quoted)
