"""What the store promises of translations of story updates, over every database it runs on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.config import Keep
from bot.model.briefing import TranslatedLine
from bot.model.scope import SHARED
from bot.model.update import RefusedLine, UpdateTranslation
from bot.store import open_store
from tests.contracts.test_story_updates import C1, C2, CANARY, GIVEN, save
from tests.flows.ferry import ARTICLES, article
from tests.store.filled import everything
from tests.updates.made import MONDAY, fact, update

pytestmark = pytest.mark.slow
LINES = (TranslatedLine(original="Abren las conversaciones", text="Talks open", language="es"),)


@pytest.fixture
async def store(database_url):
    async with open_store(database_url) as opened:
        await save(opened, *ARTICLES)
        yield opened


def translation(update_id="u1", language="en", **changes):
    made = UpdateTranslation(
        update_id=update_id,
        language=language,
        made_at=MONDAY,
        model="m",
        prompt_hash="h",
        lines=LINES,
        refused=(RefusedLine(original="40 barcos", reason="number"),),
    )
    return replace(made, **changes)


async def kept(store, *ids, language="en", by=SHARED):
    return await store.translations.of(ids or ["u1"], language=language, by=by)


async def test_rule_15_the_first_translation_of_an_update_into_a_language_stays(store):
    await store.updates.keep(update("u1"))
    await store.translations.keep(translation())
    await store.translations.keep(translation(lines=()))
    await store.translations.keep(translation(language="de", lines=()))
    assert await kept(store) == {"u1": translation()}
    assert await kept(store, language="de") == {"u1": translation(language="de", lines=())}
    assert await kept(store, language="fr") == {}


async def test_rule_15_tries_are_kept_until_a_translation_is_made(store):
    await store.updates.keep(update("u1"))
    for tries in (1, 2):
        await store.translations.keep(translation(lines=(), tries=tries, is_made=False))
        assert await kept(store) == {}
        assert await store.translations.tries(["u1"], language="en", by=SHARED) == {"u1": tries}
    await store.translations.keep(translation())
    await store.translations.keep(translation(tries=3, is_made=False))
    assert await kept(store) == {"u1": translation()}
    assert await store.translations.tries(["u1"], language="en", by=SHARED) == {}


async def test_rule_15_a_wrong_line_is_withdrawn_and_counts_as_refused(store):
    other = TranslatedLine(original="Siguen", text="They go on", language="es")
    await store.updates.keep(update("u1"))
    await store.translations.keep(translation(lines=(*LINES, other)))
    await store.translations.withdraw(LINES[0], ["u1", "u2"], language="de")
    assert (await kept(store))["u1"].lines == (*LINES, other)
    for wrong in (replace(LINES[0], original="Abren las conversaciones (AC)"), LINES[0]):
        await store.translations.withdraw(wrong, ["u1", "u2"], language="en")
        left = (await kept(store))["u1"]
        assert left.lines == (other,)
        assert [(one.original, one.reason) for one in left.refused] == [
            ("40 barcos", "number"),
            (LINES[0].original, "withdrawn"),
        ]


async def test_rule_15_a_translation_is_read_by_who_may_read_its_update(store):
    await store.updates.keep(update("u1", scope=C1))
    await store.translations.keep(translation(scope=C1))
    assert list(await kept(store, by=C1)) == ["u1"]
    assert await kept(store, by=C2) == {}
    assert await kept(store) == {}


async def test_rule_15_without_its_update_a_translation_is_not_stored(store):
    await store.translations.keep(translation())
    assert await kept(store) == {}


async def test_rule_14_a_translation_is_forgotten_with_its_update(store):
    await save(store, article("given", f"The {CANARY} talks opened.", scope=GIVEN))
    told = (fact("f1", f"The {CANARY} talks opened.", article="given"),)
    await store.updates.keep(update("u1", articles=("given",), scope=C2, facts=told))
    line = TranslatedLine(original=f"{CANARY} talks", text=f"{CANARY}-Gespräche", language="en")
    await store.translations.keep(translation(scope=C2, language="de", lines=(line,)))
    await store.forget(channel="slack:T1/C1")
    assert await kept(store, language="de", by=C2) == {}
    assert CANARY not in await everything(store)


async def test_rule_15_a_translation_is_kept_as_long_as_its_update(store):
    await store.updates.keep(update("u1"))
    await store.translations.keep(translation())
    made = update("u1").made_at
    await store.prune(keep=Keep(replies_days=1, articles_days=0), now=made + timedelta(days=300))
    assert list(await kept(store)) == ["u1"]
    await store.prune(keep=Keep(articles_days=1), now=made + timedelta(days=400))
    assert await kept(store) == {}
