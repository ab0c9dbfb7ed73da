"""One order of importance for changed and new stories; what does not fit is named and waits for the next briefing."""

from __future__ import annotations

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.blocking import run_blocking
from bot.chat.discord.render.message import render as discord
from bot.chat.document.message import to_message
from bot.chat.slack.render.message import render as slack
from bot.config import BriefingSettings
from bot.flows.briefing.brief import brief_channel
from bot.flows.briefing.replay import replay, stored_briefing
from bot.flows.briefing.session import ModelSession
from bot.flows.maintenance.evaluate import keep
from bot.model.briefing import Section
from bot.model.record_key import fence_of
from bot.model.scope import SHARED
from tests.flows.ferry import AGREED, ARTICLES, KINDS, MONDAY, Answers, article, fact, reply
from tests.readers.discord import read_message as read_discord
from tests.readers.slack import read_message as read_slack

pytestmark = pytest.mark.slow
NOON = MONDAY + timedelta(hours=4)
NEXT = NOON + timedelta(days=1)
CHANNEL = "slack:T1/C1"
ZONE = ZoneInfo("UTC")  # its file is read here: a running loop may not
TOPICS = (
    "The lighthouse of Velt was sold to a bakery chain on Monday for 4 million crowns.",
    "A wolf was seen near the school of Tarn, and hunters searched the forest until dark.",
    "Parliament in Orm passed the water law with 61 votes after a long night of debate.",
    "Doctors in Selin warned that the measles outbreak had reached three more villages.",
)
MORE_TOPICS = (
    "The chess final in Marenga ended in a draw, and the players meet again for a decider.",
    "The museum of Norden returned eleven bronze statues to the island they were taken from.",
    "Lemons from Osta cost twice as much as last year because frost killed a third of the trees.",
)
DAM = (
    "A dam near Holt burst after heavy rain on Tuesday, and 1,900 people left their homes, police said.",
    "The dam at Holt broke on Tuesday after days of heavy rain; police took 1,900 people out of their homes.",
    "Heavy rain broke the dam near Holt on Tuesday, and the police cleared the homes of 1,900 people.",
)
FERRY = "Talks about pay between the ferry crews and Orsund Line in Brekk go on, and both sides praised the coffee on Tuesday."


async def arrive(store, *articles, at):
    await keep(articles, store=store, at=at)


async def brief(store, model=None, *, at=NOON, stories=7, channel=CHANNEL):
    session = ModelSession(model=model, kinds=KINDS, fence=fence_of) if model else None
    settings = BriefingSettings(stories=stories)
    return await brief_channel(
        store=store, channel=channel, scope=SHARED, settings=settings, now=at, session=session
    )


def topics(*texts, hours=0.0):
    return [article(f"t-{text[:12]}", text, title=text[:40], hours=hours) for text in texts]


def dams():
    return [
        article(f"dam-{i}", text, title="Dam bursts near Holt", hours=22 + i) for i, text in enumerate(DAM)
    ]


def named(briefing):
    return [other.headline.text for other in briefing.more]


def lighthouse_sold(*, importance):
    return reply(
        headline={"text": "Lighthouse of Velt sold to a bakery chain", "cite": [1]},
        kind="other",
        phase="",
        status={"text": "", "said_by": "", "day": "", "cite": []},
        facts=[fact("The lighthouse of Velt was sold to a bakery chain for 4 million crowns.", 1, importance=importance)],
        actors=[],
        questions=[],
    )  # fmt: skip


async def test_a_large_new_event_comes_before_a_small_change(archive):
    await arrive(archive, *ARTICLES, at=NOON)
    await brief(archive)
    await arrive(archive, article("art-3", FERRY, hours=20), *dams(), at=NEXT)
    briefing = await brief(archive, at=NEXT)
    assert [story.section for story in briefing.stories] == [Section.NEW, Section.CHANGED]
    assert "Holt" in briefing.stories[0].headline.text


async def test_a_changed_status_comes_before_a_new_event_of_the_same_size(archive):
    await arrive(archive, *ARTICLES, at=NOON)
    talks = reply()
    await brief(archive, Answers(talks))
    deal = article(
        "art-2", "Orsund Line and the seafarers' union agreed in Brekk on Tuesday on a rise in pay of 5 percent.", hours=23
    )  # fmt: skip
    lighthouse = lighthouse_sold(importance=1)

    def answers(request):
        return lighthouse if "lighthouse" in request.user.partition("New articles:")[2] else AGREED

    await arrive(archive, deal, *topics(TOPICS[0], hours=23.5), at=NEXT)
    briefing = await brief(archive, Answers(answers), at=NEXT)
    assert [story.section for story in briefing.stories] == [Section.CHANGED, Section.NEW]
    assert briefing.stories[0].bullets[0].importance == 3
    assert "its status changed" in briefing.stories[0].why
    (part,) = [part for part in (await run_blocking(to_message, briefing)).parts if part.stories]
    assert (part.title, [story.label for story in part.stories]) == ("Changed and new", ["", "New"])


async def test_a_side_note_of_a_known_story_makes_room_for_news_that_is_read_after_it(archive):
    await arrive(archive, *ARTICLES, at=NOON)
    await brief(archive, Answers(reply()))
    side = reply(
        headline={"text": "Ferry talks go on in Brekk", "cite": [1]},
        status={"text": "", "said_by": "", "day": "", "cite": []},
        facts=[fact("Both sides praised the coffee on Tuesday.", 1)],
        actors=[],
        questions=[],
    )
    lighthouse = lighthouse_sold(importance=3)

    def answers(request):
        return lighthouse if "lighthouse" in request.user.partition("New articles:")[2] else side

    model = Answers(answers)
    await arrive(archive, article("art-3", FERRY, hours=27), *topics(TOPICS[0], hours=5), at=NEXT)
    briefing = await brief(archive, model, at=NEXT, stories=1)
    assert len(model.requests) == 2
    assert [story.headline.text for story in briefing.stories] == [
        "Lighthouse of Velt sold to a bakery chain"
    ]
    assert (named(briefing), briefing.more_count) == (["Ferry talks go on in Brekk"], 1)
    again = await brief(archive, model, at=NEXT + timedelta(hours=1))
    assert [story.bullets[0].text for story in again.stories] == ["Both sides praised the coffee on Tuesday."]


async def test_a_feature_comes_after_news_and_says_what_it_is(archive):
    def answers(request):
        said = request.user.partition("New articles:")[2]
        of_day = "" if "lighthouse" in said else f"{NOON:%Y-%m-%d}"
        name, text = (
            ("Lighthouse of Velt", TOPICS[0]) if "lighthouse" in said else ("Wolf near Tarn", TOPICS[1])
        )
        return reply(
            headline={"text": f"{name} moves people", "cite": [1]},
            kind="other",
            phase="",
            status={"text": "", "said_by": "", "day": "", "cite": []},
            facts=[{**fact(text, 1, importance=3), "day": of_day}],
            actors=[],
            questions=[],
        )

    lighthouse = article("t-1", TOPICS[0], title="The lighthouses of Velt are a treat", hours=3.9)
    wolf = article("t-2", TOPICS[1], title="Wolf seen near the school of Tarn", hours=3.0)
    await arrive(archive, lighthouse, wolf, at=NOON)
    briefing = await brief(archive, Answers(answers))
    assert [story.feature for story in briefing.stories] == [False, True]
    (part,) = [part for part in (await run_blocking(to_message, briefing)).parts if part.stories]
    assert [story.chip for story in part.stories] == ["", "background"]


async def test_what_does_not_fit_is_named_and_told_the_next_time(store):
    await arrive(store, *topics(*TOPICS), at=NOON)
    first = await brief(store, stories=3)
    (left,) = first.more
    assert first.more_count == 1
    assert left.story_id not in {story.story_id for story in first.stories}
    assert left.story_id not in await store.briefings.sent_stories(CHANNEL)
    sources = {(s.article_id, s.revision): s.url for s in first.sources}
    assert all((c.article_id, c.revision) in sources for c in left.headline.citations)
    line = (await run_blocking(to_message, first)).parts[-1]
    assert (line.title, [said.text for said in line.lines]) == ("1 more", [left.headline.text])
    assert line.lines[0].cites
    second = await brief(store, stories=3, at=NEXT)
    assert [story.story_id for story in second.stories] == [left.story_id]
    assert second.coverage.articles == 0
    third = await brief(store, stories=3, at=NEXT + timedelta(days=1))
    assert third.stories == third.more == ()


async def test_a_story_waits_for_one_briefing_and_not_for_ever(archive):
    await arrive(archive, *topics(*TOPICS), at=NOON)
    (left,) = (await brief(archive, stories=3)).more
    for day in (1, 2):
        at = NOON + timedelta(days=day)
        fresh = [
            article(f"d-{day}-{i}", text, title=text[:40], hours=24 * day + 3)
            for i, text in enumerate(text.replace("Holt", f"Holt{day}") for text in DAM)
        ]
        await arrive(archive, *fresh, at=at)
        briefing = await brief(archive, stories=1, at=at)
        assert (left.headline.text in named(briefing)) is (day == 1)


async def test_another_channel_is_not_told_what_waits_here(archive):
    await arrive(archive, *topics(*TOPICS), at=NOON)
    await brief(archive, stories=4)
    await brief(archive, stories=3, channel="slack:T1/C2")
    assert (await brief(archive, stories=3, at=NEXT)).stories == ()
    assert len((await brief(archive, stories=3, at=NEXT, channel="slack:T1/C2")).stories) == 1


async def test_a_briefing_with_what_waited_is_replayed_as_it_was(archive):
    await arrive(archive, *topics(*TOPICS), at=NOON)
    await brief(archive, stories=2)
    second = await brief(archive, stories=1, at=NEXT)
    assert len(second.stories) == len(second.more) == 1
    again = await replay(await stored_briefing(second.id, store=archive), store=archive)
    assert again.differences == ()


async def test_of_what_a_model_read_only_stories_with_news_are_named(archive):
    await arrive(archive, *topics(*TOPICS), at=NOON)

    def answers(request):
        """Return a reply with one fact: the first new sentence, without its end."""
        sentence = request.user.partition("[1] ")[2].partition("\n")[0]
        return reply(
            headline={"text": "", "cite": []},
            kind="other",
            phase="",
            status={"text": "", "said_by": "", "day": "", "cite": []},
            facts=[fact(sentence, 1)],
            actors=[],
            questions=[],
        )

    model = Answers(answers)
    await brief(archive, model, stories=4)
    # All of it is known to the other channel's reading: no call, and nothing that it was sent is named.
    calls = len(model.requests)
    first = await brief(archive, model, stories=1, channel="slack:T1/C2")
    assert (len(first.stories), first.more_count) == (1, 3)
    second = await brief(archive, model, stories=4, at=NEXT, channel="slack:T1/C2")
    assert {story.story_id for story in second.stories} == {other.story_id for other in first.more}
    assert second.more == ()
    assert len(model.requests) == calls


async def test_of_many_the_first_are_named_and_the_others_counted(archive):
    await arrive(archive, *topics(*TOPICS, *MORE_TOPICS), at=NOON)
    briefing = await brief(archive, stories=1)
    line = (await run_blocking(to_message, briefing)).parts[-1]
    assert line.title == "6 more"
    assert [said.text for said in line.lines[:5]] == named(briefing)[:5]
    assert [said.text for said in line.lines[5:]] == ["1 other"]


@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_what_did_not_fit_is_one_line_with_a_link_to_each_source(archive, platform):
    named_first = [article(f"t-{i}", text, title=text[:40], url=f"https://t{i}.example/a") for i, text in enumerate(TOPICS)]  # fmt: skip
    await arrive(archive, *named_first, at=NOON)
    briefing = await brief(archive, stories=2)
    render, read = {"slack": (slack, read_slack), "discord": (discord, read_discord)}[platform]
    parent = json.loads((await run_blocking(render, await run_blocking(to_message, briefing)))[0])
    reading = read(parent)
    (line,) = [line for line in reading.text.splitlines() if "2 more:" in line]
    urls = {(s.article_id, s.revision): s.url for s in briefing.sources}
    for other in briefing.more:
        assert other.headline.text in line
        assert urls[other.headline.citations[0].article_id, 1] in reading.links


async def test_what_did_not_fit_is_named_by_its_news(archive):
    await arrive(archive, *ARTICLES, at=NOON)
    await brief(archive)
    later = article("art-3", FERRY, hours=20, title="Both sides praise the coffee at ferry wage talks")
    await arrive(archive, later, *dams(), at=NEXT)
    briefing = await brief(archive, stories=1, at=NEXT)
    assert [(other.section, other.headline.text) for other in briefing.more] == [
        (Section.CHANGED, "Both sides praise the coffee at ferry wage talks")
    ]


async def test_where_a_model_reads_nothing_that_rules_guess_is_told_of_a_story_it_has_not_read(archive):
    announced = (
        "The council of Tarn will vote on the wolf hunt on Tuesday, the mayor Karin Moe told reporters."
    )
    await arrive(archive, article("wolf", announced, title="Tarn council to vote on wolf hunt"), at=NOON)
    by_rules = await brief(archive, channel="slack:T1/C2")
    assert by_rules.stories[0].next
    failing = await brief(archive, Answers("no reply that can be read"), at=NOON)
    (story,) = failing.stories
    assert [bullet.text for bullet in story.bullets] == [announced]
    assert (story.status, story.actors, story.figures, story.next) == (None, (), (), ())
    assert not (await brief(archive, Answers("again nothing"), at=NEXT)).watch


async def test_a_story_that_cannot_be_quoted_is_told_as_the_model_read_it(archive, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("no sentence can be chosen")

    monkeypatch.setattr("bot.flows.rules.work.quote_by_rules", broken)
    await arrive(archive, *ARTICLES, at=NOON)
    (story,) = (await brief(archive, Answers(reply()))).stories
    assert story.bullets
    assert await archive.notices.unsent() == []  # no admin is told that it was left out
