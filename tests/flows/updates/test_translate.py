"""Rule 15: a channel reads news of other languages in its own, translated once for everybody and ahead of its slot."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.document.message import to_message
from bot.config import BriefingSettings
from bot.errors import InputError, ModelError
from bot.flows.delivery.ahead import READING_RETRY_DELAY
from bot.flows.maintenance.correct import find_statement, show_original
from bot.flows.updates.translate import MAX_TRANSLATION_TRIES
from bot.model.briefing import translated
from bot.model.chat import Channel
from bot.model.talk import Request, Verb
from tests.flows.delivery.prepared import open_prepared
from tests.flows.talk import MEMBER, Said

pytestmark = pytest.mark.slow

TITLE = "El puerto de Velmar cierra tras la caída de una grúa"
SENTENCES = (
    "El puerto de Velmar cerró el lunes tras la caída de una grúa que mató a 2 trabajadores, dijo la autoridad portuaria.",
    "La grúa cayó sobre un barco de la naviera Nordkran y mató a 2 trabajadores.",
    "La directora Tora Lie dijo que el puerto no abrirá antes del jueves y que 40 barcos esperan frente a la costa.",
)
FEED = (
    "<rss version='2.0'><channel><title>Diario</title><language>es</language><item><title>{title}</title>"
    "<link>https://diario.example/grua</link><guid isPermaLink='false'>grua</guid>"
    "<pubDate>{at:%a, %d %b %Y %H:%M:%S GMT}</pubDate><description>{text}</description></item></channel></rss>"
)
HEADLINE = "Cierra el puerto de Velmar tras la caída de una grúa"
STATUS = "El puerto de Velmar no abrirá antes del jueves"
FACTS = (
    "La grúa cayó sobre un barco de la naviera Nordkran y mató a 2 trabajadores.",
    "40 barcos esperan frente a la costa.",
)
ENGLISH = {
    HEADLINE: "Port of Velmar closes after a crane collapses",
    STATUS: "The port of Velmar will not open before Thursday",
    FACTS[0]: "The crane fell on a ship of the shipping line Nordkran and killed 2 workers.",
    FACTS[1]: "40 ships are waiting off the coast.",
    "Tora Lie": "Tora Lie",
}
UPDATE = {
    "headline": f"{HEADLINE} | 1",
    "kind": "accident",
    "phase": "aftermath",
    "status": f"{STATUS} | Tora Lie | | 3",
    "change": "none",
    "facts": [
        f"3 | {FACTS[0]} | | | | 2",
        f"2 | {FACTS[1]} | Tora Lie | | | 3",
    ],
}
_SHOWN = re.compile(r"^\[(\d+)\] \w+: (.+)$", re.MULTILINE)


def english(request):
    """Return the translation of the lines of ``request``."""
    return {
        "lines": [{"id": int(n), "text": ENGLISH.get(text, "")} for n, text in _SHOWN.findall(request.user)]
    }


def answers(request, answer):
    if request.schema_name == "update":
        return UPDATE
    return english(request) if request.schema_name == "translation" else answer


def asked(bot):
    """Return what the model was asked for, without its second looks at its own lines."""
    return [r.purpose for r in bot.model.requests if r.purpose in {"update", "translation"}]


@pytest.fixture
async def bot(engine_url, tmp_path):
    async with open_prepared(engine_url, tmp_path) as opened:
        yield await spanish_news(opened)


async def spanish_news(bot):
    bot.model.answers = answers
    body = FEED.format(title=TITLE, at=bot.clock[0], text=" ".join(SENTENCES))
    bot.server.page("/wire", body, Content_Type="application/rss+xml")
    bot.clock[0] += timedelta(minutes=1)
    await bot.app.ingest(everything=True)
    return bot


def lines(briefing):
    """Return headline, status and bullets as readers see them."""
    (story,) = translated(briefing).stories
    return [
        story.headline.text,
        story.status.line if story.status else "",
        *(one.text for one in story.bullets),
    ]


async def test_rule_15_an_english_channel_reads_spanish_news_in_english_and_a_spanish_one_as_it_is(bot):
    await bot.subscribe("console:en", language="en")
    await bot.subscribe("console:es", language="es")
    report = await bot.preparer.round()
    assert (report.slots, report.read, report.failed) == (2, 2, 0)  # a story, and its translation
    assert asked(bot) == ["update", "translation"]
    calls = len(bot.model.requests)
    made = await bot.deliver()
    assert len(bot.model.requests) == calls  # none at the minute
    assert lines(made["console:es"])[0] == HEADLINE
    assert lines(made["console:en"])[0] == ENGLISH[HEADLINE]
    assert set(lines(made["console:en"])[2:]) == {ENGLISH[text] for text in FACTS}
    assert made["console:es"].translations == ()
    assert {one.language for one in made["console:en"].translations} == {"es"}
    # What it rests on, and what counts as sent, is in the words of the article.
    assert [s.text for source in made["console:en"].sources for s in source.sentences] == list(SENTENCES)
    (sent,) = (await bot.store.briefings.sent_stories("console:en")).values()
    assert sent.headline == HEADLINE
    assert set(FACTS) <= set(sent.statements)


@pytest.mark.one_engine
async def test_rule_15_readers_are_told_once_that_a_machine_translated(bot):
    await bot.subscribe("console:en", language="en")
    await bot.preparer.round()
    (briefing,) = (await bot.deliver()).values()
    message = to_message(briefing)
    assert message.coverage.endswith("machine-translated (Spanish)")
    assert "machine-translated" not in to_message(replace(briefing, translations=())).coverage


@pytest.mark.one_engine
async def test_rule_15_what_was_not_translated_ahead_is_translated_in_the_seconds_that_are_left(bot):
    await bot.subscribe("console:en", language="en")
    (briefing,) = (await bot.deliver()).values()
    assert asked(bot) == ["update", "translation"]
    assert lines(briefing)[0] == ENGLISH[HEADLINE]


@pytest.mark.one_engine
@pytest.mark.parametrize("failing", ["fails", "empty", "nonsense", "slow"])
async def test_rule_15_without_a_translation_the_original_is_shown(bot, failing):
    def fails(request):
        return ModelError("down", reason="server_error") if request.purpose == "translation" else None

    async def slow(request):
        if request.purpose == "translation":
            await asyncio.Event().wait()

    if failing == "fails":
        bot.model.fails = fails
    elif failing == "slow":
        bot.model.before = slow
        bot.deliverer = replace(bot.deliverer, write_seconds=1.0)
    else:
        said = {"lines": []} if failing == "empty" else {"lines": "no list"}
        bot.model.answers = lambda request, answer: (
            said if request.purpose == "translation" else answers(request, answer)
        )
    await bot.subscribe("console:en", language="en")
    (briefing,) = (await bot.deliver()).values()
    assert lines(briefing)[0] == HEADLINE
    assert briefing.translations == ()
    assert not briefing.degraded


@pytest.mark.one_engine
async def test_rule_15_a_refused_line_stays_as_it_is_and_is_not_asked_for_again(bot):
    wrong = ENGLISH | {FACTS[1]: "400 ships are waiting off the coast."}
    bot.model.answers = lambda request, answer: (
        {"lines": [{"id": int(n), "text": wrong.get(text, "")} for n, text in _SHOWN.findall(request.user)]}
        if request.purpose == "translation"
        else answers(request, answer)
    )
    await bot.subscribe("console:en", language="en")
    await bot.preparer.round()
    (briefing,) = (await bot.deliver()).values()
    assert set(lines(briefing)[2:]) == {ENGLISH[FACTS[0]], FACTS[1]}
    (update,) = await bot.updates()
    kept = await bot.store.translations.of([update.id], language="en", by=update.scope)
    assert {(one.original, one.reason) for one in kept[update.id].refused} >= {(FACTS[1], "number")}
    assert asked(bot).count("translation") == 1
    assert (await bot.preparer.round()).planned == 0


@pytest.mark.one_engine
async def test_rule_15_languages_that_a_filter_names_and_a_bot_that_does_not_translate_read_the_original(
    sqlite_url, tmp_path
):
    async with open_prepared(sqlite_url, tmp_path) as bot:
        await spanish_news(bot)
        await bot.subscribe("console:en", language="en", languages=["es"])
        (briefing,) = (await bot.deliver()).values()
        assert lines(briefing)[0] == HEADLINE
        assert asked(bot) == ["update"]
    (tmp_path / "off").mkdir()
    async with open_prepared(
        f"{sqlite_url}-off", tmp_path / "off", briefings=BriefingSettings(translate=False)
    ) as bot:
        await spanish_news(bot)
        await bot.subscribe("console:en", language="en")
        (briefing,) = (await bot.deliver()).values()
        assert lines(briefing)[0] == HEADLINE
        assert asked(bot) == ["update"]


async def test_rule_15_a_process_that_ends_between_claim_and_keeping_has_it_translated_once(bot):
    await bot.subscribe("console:en", language="en")
    answered = asyncio.Event()
    keep = bot.store.translations.keep

    async def never(translation):
        if translation.is_made:
            answered.set()
            await asyncio.Event().wait()
        await keep(translation)

    bot.store.translations.keep = never
    first = asyncio.create_task(bot.preparer.round())
    await answered.wait()
    bot.preparer.stop()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    bot.store.translations.keep = keep
    (update,) = await bot.updates()
    assert not await bot.store.translations.of([update.id], language="en", by=update.scope)
    bot.clock[0] += timedelta(minutes=1)
    await bot.another().round()
    assert asked(bot) == ["update", "translation", "translation"]
    kept = await bot.store.translations.of([update.id], language="en", by=update.scope)
    assert {line.original for line in kept[update.id].lines} >= {HEADLINE, *FACTS}
    (briefing,) = (await bot.deliver()).values()
    assert lines(briefing)[0] == ENGLISH[HEADLINE]


@pytest.mark.one_engine
@pytest.mark.parametrize(("reason", "calls"), [("schema", MAX_TRANSLATION_TRIES), ("rate_limited", 5)])
async def test_rule_15_a_translation_that_fails_is_paid_for_a_few_times_only(bot, reason, calls):
    await bot.subscribe("console:en", language="en")
    asking = []

    def fails(request):
        if request.purpose != "translation":
            return None
        asking.append(request)
        return ModelError("no", reason=reason)

    bot.model.fails = fails
    for _ in range(5):
        await bot.another().round()
        bot.clock[0] += READING_RETRY_DELAY
    assert len(asking) == calls
    (update,) = await bot.updates()
    tries = await bot.store.translations.tries([update.id], language="en", by=update.scope)
    assert tries == {update.id: MAX_TRANSLATION_TRIES if reason == "schema" else 0}


async def test_rule_15_two_processes_translate_an_update_once(bot):
    await bot.subscribe("console:en", language="en")
    await bot.subscribe("console:too", language="en")
    answering = asyncio.Event()

    async def wait(request):
        if request.purpose == "translation":
            answering.set()
            await asyncio.sleep(0)

    bot.model.before = wait
    await asyncio.gather(bot.preparer.round(), bot.another().round())
    await bot.preparer.round()
    assert answering.is_set()
    assert asked(bot) == ["update", "translation"]
    assert {lines(one)[0] for one in (await bot.deliver()).values()} == {ENGLISH[HEADLINE]}


@pytest.mark.one_engine
async def test_rule_15_who_reads_only_some_feeds_has_all_lines_translated_as_they_are_kept_for_everybody(bot):
    await bot.subscribe("console:es", language="es")
    await bot.preparer.round()
    session = await bot.app.session()
    (update,) = await bot.updates()
    translator = session.translator(bot.store, at=bot.clock[0])
    made = await translator.translate(update, {}, language="en")
    assert made is not None
    assert {line.original for line in made.lines} >= {HEADLINE, *FACTS}


@pytest.mark.one_engine
async def test_rule_15_a_cancelled_briefing_ends_when_its_translations_have_ended(bot):
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow(request):
        if request.purpose == "translation":
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                await may_end.wait()

    bot.model.before = slow
    await bot.subscribe("console:en", language="en")
    making = asyncio.create_task(bot.deliver())
    await begun.wait()
    making.cancel()
    done, _ = await asyncio.wait([making], timeout=0.1)
    may_end.set()
    await asyncio.gather(making, return_exceptions=True)
    assert not done


@pytest.mark.one_engine
async def test_rule_15_near_the_ceiling_of_the_budget_nothing_is_translated(bot):
    await bot.subscribe("console:en", language="en")
    session = await bot.app.session()
    assert session is not None
    low = replace(session, used=0.9)

    async def nearly_spent():
        return low

    bot.deliverer = replace(bot.deliverer, session=nearly_spent)
    (briefing,) = (await bot.deliver()).values()
    assert asked(bot) == ["update"]
    assert lines(briefing)[0] == HEADLINE


@pytest.mark.one_engine
@pytest.mark.parametrize("translate", [True, False])
async def test_rule_15_the_page_of_a_story_shows_kept_translations_and_asks_for_none(bot, translate):
    await bot.subscribe("console:en", language="en")
    await bot.preparer.round()
    await bot.deliver()
    calls = len(bot.model.requests)

    async def wake():
        pass

    briefings = bot.app.config.briefings.model_copy(update={"translate": translate})
    app = replace(bot.app, config=bot.app.config.model_copy(update={"briefings": briefings}))
    dispatcher = app.request_dispatcher(chats=bot.chats, wake=wake)
    (update,) = await bot.updates()
    for language, line in (("en", ENGLISH[HEADLINE] if translate else HEADLINE), ("de", HEADLINE)):
        said = Said()
        await dispatcher.handle(
            Request(
                id=f"r-{language}",
                asker=replace(MEMBER, language=language),
                channel=Channel(platform="console", workspace="", id="en"),
                verb=Verb.STORY,
                subject=update.story_id,
            ),
            said,
        )
        (reply,) = [message for _, message, _ in said.replies]
        texts = [one.text for part in reply.parts for one in part.lines]
        assert any(text.startswith(line) for text in texts), texts
        assert ("machine-translated (Spanish)" in reply.dateline) == (translate and language == "en")
    assert len(bot.model.requests) == calls


@pytest.mark.one_engine
async def test_rule_15_a_wrong_translation_is_dropped_from_posts_and_for_good(bot):
    await bot.subscribe("console:en", language="en")
    await bot.preparer.round()
    (briefing,) = (await bot.deliver()).values()
    calls = len(bot.model.requests)
    briefing_id, stated = await find_statement(briefing.id, ENGLISH[FACTS[1]], store=bot.store)

    async def drop(why):
        return await show_original(
            briefing_id, stated, reason=why, store=bot.store, chats=bot.chats, now=bot.clock[0]
        )

    with pytest.raises(InputError, match="reason"):
        await drop(" ")
    await drop("they lie at anchor")
    kept = await bot.store.briefings.get(briefing.id)
    assert FACTS[1] in lines(kept)
    assert ENGLISH[FACTS[0]] in lines(kept)
    (correction,) = kept.corrections
    assert (correction.was, correction.now) == (ENGLISH[FACTS[1]], FACTS[1])
    (update,) = await bot.updates()
    made = (await bot.store.translations.of([update.id], language="en", by=update.scope))[update.id]
    assert FACTS[1] not in {line.original for line in made.lines}
    assert (FACTS[1], "withdrawn") in {(one.original, one.reason) for one in made.refused}
    with pytest.raises(InputError, match="not translated"):
        await drop("again")
    await bot.another().round()
    assert len(bot.model.requests) == calls
    with pytest.raises(InputError, match="no briefing"):
        await show_original("none", stated, reason="why", store=bot.store, chats=bot.chats, now=bot.clock[0])
