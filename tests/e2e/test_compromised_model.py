"""A model that turned wants mentions, links, other channels' words and prompts in the post; readers see none of it.

Every briefing, answer and link summary is read as the platform's own clients would read it, by readers that know
nothing of the renderers. Articles are hostile as well: what the model may cite is written by the attacker too.
"""

from __future__ import annotations

import asyncio
import html
import json
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.briefings.assemble import assemble
from bot.chat.discord.render.layout import COMPONENTS_V2, SUPPRESS_EMBEDS
from bot.chat.discord.render.message import render as discord_briefing
from bot.chat.discord.render.message import render_reply as discord_reply
from bot.chat.document.message import to_message
from bot.chat.rate_limit import wait_for_rate_limit
from bot.chat.replies.answer import answer_message
from bot.chat.replies.link import link_message
from bot.chat.slack.render.message import render as slack_briefing
from bot.chat.slack.render.message import render_reply as slack_reply
from bot.config import Config, DatabaseSettings, Fetch, Model
from bot.flows.briefing.brief import brief_channel
from bot.flows.briefing.choosing.choose_stories import named
from bot.flows.briefing.context import story_context
from bot.flows.briefing.draft import StoryDraft
from bot.flows.briefing.write import write_stories
from bot.flows.maintenance.evaluate import keep, read_cases
from bot.flows.updates.story import StoryReader
from bot.language.cleaning.links import link_target
from bot.llm import client
from bot.model.briefing import Coverage, Section
from bot.model.chat import Channel
from bot.model.conversation.answer import Question
from bot.model.story import Story
from bot.runtime.compose import open_app
from tests.conftest import ROOT
from tests.contracts.stages import STAGES, posts
from tests.e2e.test_model_failures import honest
from tests.readers import discord as discord_reader
from tests.readers import slack as slack_reader
from tests.servers.discord.limits import faults, too_big
from tests.servers.model import ModelServer, says
from tests.servers.news import NewsServer
from tests.servers.slack.methods import model_faults
from tests.servers.written import article
from tests.support import hostile
from tests.support.attacker import CANARIES, Attacker
from tests.support.sizes import sized

pytestmark = pytest.mark.slow
NOW = datetime(2025, 10, 12, 6, tzinfo=UTC)
CASES = sized(60, 1_000)
ROUND = 20  # stories of one message
ASKED = sized(25, 120)
QUESTIONS = (
    "Why did the talks on the harbour stall?",
    "What did the minister say on Tuesday?",
    "When would the port reopen?",
    "Which ferry crews want more pay?",
    "Who is leading the negotiations?",
)
HERE, OTHER = (Channel(platform="slack", workspace="T1", id=name) for name in ("C1", "C2"))
PROMPT_WORDS = 6  # words of a prompt in a row that are no chance


def written_by_attackers():
    """Return articles whose every word an attacker chose, each in an outlet and by an author of hostile names."""
    found = []
    for number in range(4):
        evil = hostile.TEXTS[number::4]
        text = "Talks on the harbour stalled on Monday, officials said. " + " ".join(
            f"The minister said on Tuesday that {words} would reopen the port within {days} days."
            for days, words in enumerate(evil[:40], 2)
        )
        written = article(
            text, title=f"Talks stall {evil[0]}", published=NOW - timedelta(hours=2), outlet=evil[1][:60]
        )
        found.append(replace(written, url=f"https://news.example/{number}?a=1&b=2", author=evil[2]))
    return found


def in_the_news():
    """Return the articles of real stories, and those of attackers."""
    cases = read_cases(ROOT / "config" / "golden")
    real = [[g.article(fetched_at=NOW - timedelta(hours=1)) for g in case.articles] for case in cases]
    return [*real, *([one] for one in written_by_attackers())]


def drafts():
    """Return stories as the extracts tell them."""
    made = []
    for number, plain in enumerate(in_the_news()):
        articles = [
            replace(a, url=a.url or f"https://wire.example/{number}/{i}") for i, a in enumerate(plain)
        ]
        story = Story(
            id=f"sto_{number}",
            title=articles[0].title,
            article_ids=tuple(a.id for a in articles),
            first_at=articles[0].published_at,
            last_at=articles[-1].published_at,
        )
        context = story_context(story, articles)
        made.append(StoryDraft(brief=named(context), articles=tuple(articles)))
    return made


def briefing_of(written, made):
    """Return what was ``written`` as one briefing; a story that comes again is another one."""
    articles = {(a.id, a.revision): a for draft in made for a in draft.articles}
    stories = tuple(
        replace(w.brief or w.draft.brief, story_id=f"{w.draft.brief.story_id}_{i}", section=Section.NEW)
        for i, w in enumerate(written)
    )
    return assemble(
        stories, title="Morning briefing", channel="c", made_at=NOW,
        coverage=Coverage(articles=len(articles), stories=len(stories), until=NOW), articles=articles,
    )  # fmt: skip


def payloads_of(message, *, reply=False):
    """Yield each payload that Slack and Discord would get, as their readers see it, with what they would refuse."""
    for payload in (slack_reply if reply else slack_briefing)(message):
        yield "slack", slack_reader.read_payload(payload), model_faults(json.loads(payload)["blocks"])
    for style in ("components", "embeds", "text"):
        for payload in (discord_reply if reply else discord_briefing)(message, style=style):
            body = {k: v for k, v in json.loads(payload).items() if k not in {"place", "thread_name"}}
            refused = faults(body) + (["too big"] if too_big(body) else [])
            assert body["allowed_mentions"] == {"parse": []}
            yield f"discord {style}", discord_reader.read_payload(payload), refused


def assert_harmless(where, reading, *, links, prompts=frozenset()):
    """Assert that nothing in ``reading`` is live, leads elsewhere, or was never for these readers."""
    assert reading.mentions == (), (where, reading.mentions)
    assert set(reading.links) <= links, (where, set(reading.links) - links)
    shown = " ".join(reading.text.split())
    for canary in CANARIES:
        assert canary.casefold() not in shown.casefold(), (where, canary)
    assert not prompts & runs(shown), where


def runs(text):
    """Return every run of words of ``text`` that is too long to be chance."""
    words = text.split()
    return {" ".join(words[i : i + PROMPT_WORDS]) for i in range(len(words) - PROMPT_WORDS + 1)}


def instructions(server):
    """Return every run of words of what the model was told to do."""
    return frozenset().union(*(runs(request["messages"][0]["content"]) for request in server.requests))


async def test_nothing_an_attacker_wants_reaches_a_reader_of_stories(monkeypatch):
    monkeypatch.setattr(client, "BACK_OFF_SECONDS", 0.0)
    made = await asyncio.to_thread(drafts)
    links = {link_target(a.url) for draft in made for a in draft.articles} - {""}
    attacker = Attacker(7, honest=honest)
    told = stories = 0
    async with ModelServer(says(attacker)) as server:
        config = Config(
            database=DatabaseSettings(url="sqlite:///"),
            model=Model(name="m", base_url=server.base, concurrency=20),
        )
        async with open_app(config, now=lambda: NOW) as app:
            while attacker.answered < CASES:
                chosen = [made[i % len(made)] for i in range(ROUND)]
                session = await app.session()
                written = await write_stories(
                    chosen, stories=StoryReader(reader=await session.reader(), at=NOW)
                )
                stories += len(written)
                told += sum(bool(w.brief) and w.brief.writer == "model" for w in written)
                prompts = instructions(server)
                message = to_message(briefing_of(written, made))
                for where, reading, refused in payloads_of(message):
                    assert refused == [], where
                    assert_harmless(where, reading, links=links, prompts=prompts)
                server.requests.clear()
                server.headers.clear()
    # An attack that never gets past the first check would prove little of the rest.
    assert told > stories // 20
    assert attacker.kinds >= {"update", "update_repair"}


def of_another_channel(scope):
    """Return an article that only ``scope`` may read: a canary in every sentence."""
    text = " ".join(f"The talks on the harbour stalled on Monday, said {canary}." for canary in CANARIES)
    return replace(article(text, title=CANARIES[0], published=NOW - timedelta(hours=3)), scope=scope)


async def documents(app, channel, link):
    """Yield the messages of a briefing, of answers and of a link summary for ``channel``."""
    session = await app.session()
    briefing = await brief_channel(
        store=app.store,
        channel=channel.name,
        scope=channel.scope,
        settings=app.config.briefings,
        now=NOW,
        session=replace(session, second_look=True),
    )
    yield to_message(briefing)
    for text in (
        "Why did the talks on the harbour stall?",
        f"What did {hostile.TEXTS[0]} say @everyone?",
        "ferry crews",
    ):
        question = Question(text=text, asked_at=NOW, scope=channel.scope, workspace=channel.workspace)
        yield answer_message(await app.ask(question))
    for brief in await app.link(
        [link, "http://10.0.0.1/", "https://evil.example:22/[x](https://evil.example)"], scope=channel.scope
    ):
        yield link_message(brief)


async def test_nothing_an_attacker_wants_reaches_who_asks(monkeypatch):
    monkeypatch.setattr(client, "BACK_OFF_SECONDS", 0.0)
    articles = [a for story in await asyncio.to_thread(in_the_news) for a in story]
    links = {link_target(a.url) for a in articles} - {""}
    attacker = Attacker(11, honest=honest)
    worded = 0
    async with ModelServer(says(attacker)) as server:
        config = Config(
            database=DatabaseSettings(url="sqlite:///:memory:"), model=Model(name="m", base_url=server.base)
        )
        async with open_app(config, now=lambda: NOW) as app:
            await keep([*articles, of_another_channel(OTHER.scope)], store=app.store, at=NOW)
            for number in range(ASKED):
                text = f"{QUESTIONS[number % len(QUESTIONS)]} {hostile.TEXTS[number % len(hostile.TEXTS)]}"
                question = Question(text=text, asked_at=NOW, scope=HERE.scope, workspace="T1")
                answer = await app.ask(question)
                worded += answer.writer == "model" and bool(answer.statements)
                prompts = instructions(server)
                for where, reading, refused in payloads_of(answer_message(answer), reply=True):
                    assert refused == [], where
                    assert_harmless(where, reading, links=links, prompts=prompts)
                server.requests.clear()
                server.headers.clear()
    assert attacker.kinds >= {"answer", "answer_repair"}
    assert worded > ASKED // 20


@pytest.mark.parametrize("name", STAGES)
@pytest.mark.parametrize("seed", range(1, sized(2, 5)))
async def test_what_is_posted_on_a_platform_is_harmless_there(name, seed, tmp_path, monkeypatch):
    monkeypatch.setattr(client, "BACK_OFF_SECONDS", 0.0)
    articles = [a for story in await asyncio.to_thread(in_the_news) for a in story]
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(STAGES[name](tmp_path))
        news = await stack.enter_async_context(NewsServer())
        attacker = Attacker(seed, honest=honest)
        server = await stack.enter_async_context(ModelServer(says(attacker)))
        paragraphs = "".join(f"<p>{html.escape(s.text)}</p>" for s in articles[-1].sentences)
        news.page(
            "/page",
            f"<html><title>{html.escape(hostile.TEXTS[0])}</title><article>{paragraphs}</article></html>",
        )
        config = Config(
            database=DatabaseSettings(url="sqlite:///:memory:"),
            model=Model(name="m", base_url=server.base),
            fetch=Fetch(allow=(f"127.0.0.1:{news.port}",)),
        )
        app = await stack.enter_async_context(open_app(config, now=lambda: NOW))
        other = replace(stage.channel, id="other").scope
        await keep([*articles, of_another_channel(other)], store=app.store, at=NOW)
        links = {link_target(a.url) for a in articles} | {news.url("/page")}
        number = 0
        async for message in documents(app, stage.channel, news.url("/page")):
            number += 1
            parent = ""
            for post in posts(stage, stage.chat.render(message, stage.channel), key=f"wb-{number}"):
                await wait_for_rate_limit(stage.chat, stage.channel)
                said = await stage.chat.post(replace(post, parent=parent))
                parent = parent or said
        seen = await stage.seen()
        assert number >= 5
        assert len(seen) >= number
        for one in seen:
            assert_harmless(name, one.reading, links=links)
        assert attacker.kinds >= {"update", "answer"}
        for request in server.requests:
            # A repair and a second look hold what the model itself had said.
            if request["response_format"]["json_schema"]["name"] not in {
                "answer_repair",
                "update_repair",
                "second_look",
            }:
                assert not [canary for canary in CANARIES if canary in json.dumps(request)]
        assert_no_previews(stage)


def assert_no_previews(stage):
    """Assert that the platform was told to show no preview of any link."""
    server = getattr(stage, "server", None)
    for method, said in getattr(server, "calls", ()):
        if method == "chat.postMessage":
            assert str(said["unfurl_links"]).lower() == str(said["unfurl_media"]).lower() == "false"
    place = getattr(stage, "place", None)
    for message in place.messages.values() if place else ():
        assert message["flags"] & (COMPONENTS_V2 | SUPPRESS_EMBEDS)
