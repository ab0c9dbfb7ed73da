"""What people write to the bot, on platforms with their real clients: each sentence leads to what it asks for."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.chat.slack.manifest import manifest
from bot.config import Limits
from bot.flows.requests import dispatch
from bot.flows.requests.said.intent import ONLY_TYPED, read_request
from bot.model.conversation.reader import Thread, Topic
from bot.model.talk import Request, Verb
from tests.contracts.discord_stage import discord_stage
from tests.contracts.slack_stage import slack_stage
from tests.flows.talk import ADMIN, NEWS, recorded_world
from tests.readers.slack import read_message

pytestmark = pytest.mark.slow

TABLE = Path(__file__).parents[3] / "language" / "intents"
STAGES = {"slack": slack_stage, "discord": discord_stage}
AT_ONCE = 40  # sentences that are told before the bot is waited for
OVERHEARD_AT_ONCE = (
    150  # of words between people: fewer than the 200 and 500 that are in work on the platforms
)
LIMITS = Limits(waiting=1000, user_per_minute=1000, channel_per_minute=10_000, workspace_per_minute=100_000)
LEADS_TO = {
    "greeting": Verb.GREETING,
    "thanks": Verb.THANKS,
    "help": Verb.HELP,
    "new": Verb.CATCHUP,
    "status": Verb.ASK,
    "question": Verb.ASK,
    "link": Verb.LINK,
}


def sentences() -> list[tuple[str, str]]:
    """Return the sentences of every language, each with what it wants."""
    lines = [line for file in sorted(TABLE.glob("*.tsv")) for line in file.read_text("utf-8").splitlines()]
    return [(want, text) for want, _, text in (line.partition("\t") for line in lines)]


def led_to(want: str) -> tuple[Verb, str | None]:
    """Return the verb that a sentence leads to, and its words where they are fixed."""
    if not want.startswith("command "):
        return LEADS_TO[want], None
    name, _, words = want.removeprefix("command ").partition(" ")
    verb = Verb(name)
    return (Verb.HELP, verb.value) if verb in ONLY_TYPED else (verb, words or None)


@pytest.fixture(params=sorted(STAGES))
async def here(request, mornings, tmp_path):
    """Yield a platform with the bot in a channel, and a list of what was done there."""
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(recorded_world(mornings, tmp_path, day=3, limits=LIMITS))
        stage = await stack.enter_async_context(STAGES[request.param](tmp_path))
        platform = stage.channel.platform
        dispatcher = world.app.request_dispatcher(chats={platform: stage.chat}, wake=world.wake)
        await stage.listen(dispatcher.handle)
        yield stage, world


@pytest.fixture
def done(monkeypatch):
    """Return the list of what is done, in the place of doing it."""
    found: list[tuple[str, Verb, str]] = []

    async def note(context):
        found.append((" ".join(context.said.split()), context.request.verb, context.request.words))

    for verb in dispatch.HANDLERS:
        monkeypatch.setitem(dispatch.HANDLERS, verb, note)
    monkeypatch.setattr(dispatch, "refusal", lambda _request: "")  # rights are told of elsewhere
    return found


def placed(text: str) -> str:
    """Return ``text`` with the bot's name where its writer put it; stages put one before the whole."""
    return " ".join(text.replace("@bot", " ").split())


async def test_what_is_said_to_the_bot_leads_to_what_it_asks_for(here, done):
    stage, _ = here
    asked = {placed(text): want for want, text in sentences() if want != "none"}
    # Each sentence on one of the platforms, in turn: behind their clients the way is the same.
    texts = list(asked)[sorted(STAGES).index(stage.channel.platform) :: len(STAGES)]
    table = {text: asked[text] for text in texts}
    for start in range(0, len(texts), AT_ONCE):
        await stage.ask_all(texts[start : start + AT_ONCE])
    found = {said: (verb, words) for said, verb, words in done}
    wrong = [
        (text, want, found.get(text))
        for text, want in table.items()
        if not _leads(found.get(text), *led_to(want))
    ]
    assert not wrong


async def test_what_people_say_to_each_other_in_its_thread_is_left_alone(here, done):
    stage, world = here
    root = await stage.say("the briefing")
    await world.app.store.conversations.open(
        Thread(
            destination=stage.channel.name,
            root=root,
            topic=Topic.BRIEFING,
            subject="bri-1",
            kept_under=root,
            at=datetime.now(UTC),
            scope=stage.channel.scope,
        )
    )
    texts = [placed(text) for want, text in sentences() if _is_talk(want)]
    texts.append("how many people were hurt?")
    # More at once than the listener has in work would be turned away unread.
    for start in range(0, len(texts), OVERHEARD_AT_ONCE):
        await stage.say_all(texts[start : start + OVERHEARD_AT_ONCE], thread=root)
    assert done == [("how many people were hurt?", Verb.ASK, "how many people were hurt?")]


async def test_every_suggested_prompt_of_the_manifest_does_what_it_says(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path, day=3) as world, slack_stage(tmp_path) as stage:
        dispatcher = world.app.request_dispatcher(chats={"slack": stage.chat}, wake=world.wake)
        await stage.listen(dispatcher.handle)
        headed = {}
        for prompt in manifest()["features"]["agent_view"]["suggested_prompts"]:
            await stage.ask(prompt["message"])
            said = stage.server.world.seen("C1", user="UANNA")[-1]
            headed[prompt["title"]] = read_message(said.shown(metadata=False)).text.splitlines()[0]
    assert headed == {
        "What changed today?": "What changed",
        "Catch me up": "What changed",
        "What can you do?": "What you can ask",
    }


def _is_talk(want: str) -> bool:
    return want in {"none", "greeting", "thanks", "link"} or want.startswith("command")


def _leads(got: tuple[Verb, str] | None, verb: Verb, words: str | None) -> bool:
    return got is not None and got[0] is verb and words in {None, got[1]}


async def overheard(talk, text, *, thread, **what):
    """Return what comes of words in a thread of the bot that do not name it."""
    return await talk.ask(Verb.SAID, text, thread=thread, addressed=False, **what)


async def test_a_channel_sets_which_words_in_its_threads_are_answered(talk):
    await talk.subscribe()
    await talk.deliver()
    (root,) = talk.chat.posted
    known, unknown, words = (
        "Where do the Gaza truce talks take place?",
        "Who painted the ceiling of the Sistine chapel?",
        "painted ceiling of the chapel",
    )
    seen = {}
    for setting in ("", "mentions", "all"):
        if setting:
            assert "Only admins" in (await talk.ask(Verb.REPLIES, setting)).text
            assert (
                f"Replies in this channel: {setting}"
                in (await talk.ask(Verb.REPLIES, setting, asker=ADMIN)).text
            )
        talk.later(minutes=1)
        found = [await overheard(talk, text, thread=root) for text in (known, unknown, words)]
        seen[setting] = [[private for _, _, private in said.replies] for said in found]
        # Who did not ask the bot sees nothing of its work where no answer comes.
        assert all(bool(said.progress) <= bool(said.replies) for said in found)
    assert seen == {"": [[False], [], []], "mentions": [[], [], []], "all": [[False], [True], [True]]}


async def test_links_that_people_show_each_other_are_not_fetched(talk):
    await talk.subscribe()
    await talk.deliver()
    (root,) = talk.chat.posted
    await talk.ask(Verb.REPLIES, "all", asker=ADMIN)
    link = f"{talk.news.at('continental')}/page1"
    for text in (link, f"have you seen {link} ?", f"what do you make of {link}"):
        said = await overheard(talk, text, thread=root)
        assert (said.replies, said.progress) == ([], [])


async def test_a_reply_to_the_bots_own_message_is_answered_where_it_asks(talk):
    await talk.ask(Verb.REPLIES, "mentions", asker=ADMIN)
    for text, replied in (
        ("Where do the Gaza truce talks take place?", [False]),
        ("Who painted the ceiling of the chapel?", [True]),  # said to who asked
        ("Can you find out where the Gaza truce talks take place?", [False]),  # "you" is the bot here
        ("agreed, will call Sam at 10", []),
        ("thanks", []),
    ):
        said = await overheard(talk, text, thread="m-help", replied=True)
        assert [private for _, _, private in said.replies] == replied, text


async def test_what_colleagues_ask_each_other_is_not_even_looked_up(talk):
    root = (await talk.ask(Verb.STORY, "gaza truce talks")).replies[0][0]
    looked_up: list[str] = []
    ask = talk.dispatcher.services.ask

    async def noted(question, *, emit):
        looked_up.append(question.text)
        return await ask(question, emit=emit)

    object.__setattr__(talk.dispatcher.services, "ask", noted)
    for text in ("Did you see where my notes are?", "Can we move the talks to three?"):
        assert not (await overheard(talk, text, thread=root)).replies
    known = "Do we know where the truce talks take place?"
    assert not (await overheard(talk, known, thread=root, tagged=True)).replies
    assert looked_up == []
    assert (await overheard(talk, known, thread=root)).replies
    assert looked_up == [known]


async def test_a_failure_is_not_told_to_who_did_not_ask_the_bot(talk):
    async def broken(_question, *, emit):
        raise RuntimeError("inside")

    shown = await talk.ask(Verb.STORY, "gaza truce talks")
    ((root, _, _),) = shown.replies
    object.__setattr__(talk.dispatcher.services, "ask", broken)
    assert not (await overheard(talk, "What comes next?", thread=root)).replies
    assert "Something broke" in (await talk.ask(Verb.SAID, "What comes next?", thread=root)).text


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("folow gaza truce talks", "/brief follow gaza truce talks"),
        ("lsit", "/brief list"),
        ("catchp yesterday", "/brief catchup yesterday"),
        ("unsuscribe", "/brief unsubscribe"),
        ("can you pls susbcribe us daily 9:00?", "/brief subscribe daily 9:00"),
        ("abonieren täglich 8 Uhr", "/brief subscribe täglich 8 Uhr"),
        ("silenicar la boda", "/brief mute la boda"),
    ],
)
async def test_a_mistyped_command_offers_the_nearest(talk, typed, offered):
    said = await talk.ask(Verb.SAID, typed)
    assert f"Did you mean {offered}?" in said.text
    assert said.private


async def test_what_is_new_in_the_thread_of_a_story_is_asked_of_that_story(talk):
    shown = await talk.ask(Verb.STORY, "gaza truce talks")
    ((root, _, _),) = shown.replies
    assert (await talk.ask(Verb.SAID, "what's new?", thread=root)).message.title == "what's new?"
    assert (await talk.ask(Verb.SAID, "what's new?")).message.title == "What changed"


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("sources health", (Verb.FEEDS, "health")),
        ("feeds health", (Verb.FEEDS, "health")),
        ("feeds add https://news.example/feed.xml", (Verb.FEEDS, "add https://news.example/feed.xml")),
        ("link fresh https://news.example/talks", (Verb.LINK, "fresh https://news.example/talks")),
        ("ask who leads the union?", (Verb.ASK, "who leads the union?")),
        ("help follow", (Verb.HELP, "follow")),
        ("forget channel", (Verb.HELP, "forget")),
        ("/brief list", (Verb.LIST, "")),
        ("pause the Morning briefing", (Verb.PAUSE, "Morning")),
        ("pause the briefing till friday", (Verb.PAUSE, "")),
        ("resume the briefing", (Verb.RESUME, "")),
        ("link between the two fires", (Verb.ASK, "link between the two fires")),
        ("sources say the talks failed", (Verb.ASK, "sources say the talks failed")),
        ("no comment from them", (Verb.ASK, "no comment from them")),
        ("Gaza talks - any news?", (Verb.ASK, "Gaza talks - any news?")),
        ("never mind, wrong channel", None),
        ("great answer!", None),
    ],
)
def test_a_command_with_its_argument_is_done_where_the_bot_is_mentioned(typed, leads_to):
    said = Request(id="r", asker=ADMIN, channel=NEWS, verb=Verb.SAID, words=typed, addressed=True)
    meant = read_request(said, now=datetime(2026, 1, 5, tzinfo=UTC))
    assert (meant and (meant.verb, meant.words)) == leads_to


@pytest.mark.parametrize(
    "words", ["source for that?", "says who?", "woher weißt du das?", "¿está confirmado?"]
)
async def test_what_an_answer_rests_on_is_shown_to_who_asks_for_it_in_its_thread(talk, words):
    asked = await talk.ask(Verb.ASK, "Where do the Gaza truce talks take place?")
    ((root, _, _),) = asked.replies
    shown = await talk.ask(Verb.SAID, words, thread=root)
    assert shown.private
    assert "Where do the Gaza truce talks take place?" in shown.message.title
    assert "“Delegations from Israel and Hamas" in shown.text
    assert (await talk.ask(Verb.SAID, words)).message.title == words  # with nothing before it, a question


async def test_public_answers_say_who_asked_and_private_ones_need_not(talk):
    asked = await talk.ask(Verb.ASK, "Where do the Gaza truce talks take place?")
    assert asked.message.dateline.endswith("asked by Mia")
    for said in (
        await talk.ask(Verb.ASK, "Where do the Gaza truce talks take place?", direct=True),
        await talk.ask(Verb.ASK, "Who painted the ceiling of the chapel?"),
    ):
        assert "Mia" not in said.text


async def test_greetings_and_thanks_are_answered_in_a_sentence(talk):
    assert (await talk.ask(Verb.SAID, "hi there 👋")).message.title == "Hello"
    assert (await talk.ask(Verb.SAID, "thx!")).message.notice == "You're welcome."
    assert not (await talk.ask(Verb.SAID, "lol")).replies
