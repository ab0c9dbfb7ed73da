"""Where do my stories stand? How each went while somebody was away, in at most four lines, each with its source."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.config import BriefingSettings
from bot.flows.briefing.brief import brief_channel
from bot.flows.briefing.session import ModelSession
from bot.flows.maintenance.evaluate import keep
from bot.model.record_key import fence_of
from bot.model.scope import SHARED
from bot.model.talk import Verb
from tests.flows.ferry import KINDS, TEXTS, Answers, article, fact, reply
from tests.flows.talk import NEWS, ZONE, recorded_world

pytestmark = pytest.mark.slow
JULY = 126 * 24  # hours from the Monday of the ferry crews to the one of the recorded mornings
FERRY = "ferry crews of Orsund Line in Brekk"
NEWS_OF_DAY = (
    TEXTS[0],
    f"The {FERRY} voted on Tuesday to strike from Friday over pay, their union said.",
    f"The {FERRY} closed the harbour over pay on Friday. No boat left.",
    f"The {FERRY} and their company agreed on Saturday on a rise in pay of 5 percent. The crews will vote on the deal on 20 July, the union said.",
)


def told(headline, status, day, *, phase, change, said_by="their union", due=""):
    announced = {
        "what": "The crews will vote on the deal",
        "when": "on 20 July",
        "due": due,
        "due_end": "",
        "by": "the union",
        "cite": [2],
    }
    return reply(
        headline={"text": headline, "cite": [1]},
        phase=phase,
        status={"text": status, "said_by": said_by, "day": day, "cite": [1]},
        change=change,
        facts=[fact(status, 1, importance=3, claimant=said_by, day=day)],
        actors=[],
        questions=[],
        announcements=[announced] if due else [],
    )  # fmt: skip


REPLIES = (
    told("Ferry crews and Orsund Line open wage talks", "Wage talks between ferry crews and Orsund Line opened in Brekk", "2025-07-07", phase="expected", change="none", said_by=""),
    told("Ferry crews vote to strike", "The ferry crews of Orsund Line voted to strike from Friday", "2025-07-08", phase="under way", change="phase"),
    told("Ferry crews on strike", "The ferry crews of Orsund Line closed the harbour over pay", "2025-07-11", phase="under way", change="act", said_by=""),
    told("Ferry crews and company agree on pay", "Orsund Line and crews agreed on a rise in pay of 5 percent", "2025-07-12", phase="decided", change="phase", said_by="", due="2025-07-20"),
)  # fmt: skip
DAYS = (0, 1, 4, 5)


def answer(request):
    """Return the reply to the news of its day; of the recorded mornings' other stories nothing is told."""
    material = request.user.partition("New articles:")[2]
    found = [made for text, made in zip(NEWS_OF_DAY, REPLIES, strict=True) if text[:60] in material]
    empty = {"text": "", "cite": []}
    nothing = reply(headline=empty, status=empty, facts=[], actors=[], questions=[], elsewhere=[1])
    return found[0] if found else nothing


async def week(world):
    """Let the story of the ferry crews come, day by day, each read for the channel's briefing."""
    store, model = world.app.store, Answers(answer)
    begun = world.clock[0]
    for number, day in enumerate(DAYS):
        at = begun + timedelta(days=day, hours=12)
        one = article(f"ferry-{number}", NEWS_OF_DAY[number], hours=JULY + 24 * day + 2)
        await keep([one], store=store, at=at)
        await brief_channel(
            store=store,
            channel=NEWS.name,
            scope=SHARED,
            settings=BriefingSettings(timezone=ZONE, stories=1, interests=("ferry",)),
            now=at,
            session=ModelSession(model=model, kinds=KINDS, fence=fence_of),
        )
    world.clock[0] = begun + timedelta(days=5, hours=13)


def block_of(message, word):
    (block,) = [s for part in message.parts for s in part.stories if word in s.headline.text]
    return block


async def test_a_week_away_is_told_in_four_lines_with_their_sources(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path) as world:
        await week(world)
        message = (await world.ask(Verb.CATCHUP, "4 days")).message
        block = block_of(message, "Ferry")
        lines = [(line.label, line.lead, line.text.split(" (")[0]) for line in block.bullets]
        assert lines == [
            ("Then", "Tue 8 July (under way)", "The ferry crews of Orsund Line voted to strike from Friday"),
            ("", "Fri 11 July (under way)", "The ferry crews of Orsund Line closed the harbour over pay"),
            ("Now", "Sat 12 July (decided)", "Orsund Line and crews agreed on a rise in pay of 5 percent"),
            ("Next", "Sun 20 July", "The crews will vote on the deal"),
        ]  # fmt: skip
        assert block.headline.text == "Ferry crews and company agree on pay"
        assert all(line.cites for line in block.bullets)
        assert block.status == ()


async def test_a_story_that_began_meanwhile_is_told_from_its_beginning(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path) as world:
        await week(world)
        block = block_of((await world.ask(Verb.CATCHUP, "7 days")).message, "Ferry")
        assert [line.label for line in block.bullets] == ["Began", "", "Now", "Next"]
        assert "opened in Brekk" in block.bullets[0].text
        # Of two turning points the one that moved the phase stays.
        assert "voted to strike" in block.bullets[1].text


async def test_what_did_not_change_is_named_where_it_stands(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path) as world:
        await week(world)
        message = (await world.ask(Verb.CATCHUP, "1 hour")).message
        (part,) = [part for part in message.parts if part.title.startswith("Unchanged")]
        (line,) = [line for line in part.lines if "Ferry crews" in line.text]
        assert line.text == "Ferry crews and company agree on pay — decided"
        assert line.cites


async def test_where_no_model_read_a_story_its_articles_own_sentences_tell_it_day_by_day(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path, day=2) as world:
        message = (await world.ask(Verb.CATCHUP, "since Monday 12:00")).message
        block = block_of(message, "Gaza")
        assert block.chip == ""
        assert [line.label for line in block.status] == ["Status"]
        printed = " ".join(one.text for source in message.sources for one in source.sentences)
        quoted = [line for line in block.bullets if not line.label]
        assert 1 <= len(quoted) <= 3
        assert len(block.status) + len(block.bullets) <= 4
        # Days are dated, so that only beginnings are as printed.
        assert all(line.text[:20] in printed and line.cites for line in quoted)
