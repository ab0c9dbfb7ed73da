"""What an edited article no longer says is told to nobody, known to no later reading, and comes back where it is said again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.config import BriefingSettings
from bot.errors import ModelError
from bot.flows.briefing.brief import brief_channel
from bot.flows.briefing.session import ModelSession
from bot.flows.maintenance.evaluate import keep
from bot.language.sentences.split import split_sentences
from bot.model.record_key import fence_of
from bot.model.scope import SHARED
from bot.store import open_store
from tests.flows.ferry import ARTICLES, KINDS, MONDAY, OFFERED, TEXTS, WANTED, Answers, fact, reply

pytestmark = pytest.mark.slow
NOON = MONDAY + timedelta(hours=4)
NEXT = NOON + timedelta(days=1)
SETTINGS = BriefingSettings(window_hours=48)
LESS = fact("The seafarers' union wants 6 percent more pay.", 1, claimant="Tove Lind", importance=3)
EMPTY = {"text": "", "cite": []}


@pytest.fixture
async def store(database_url):
    async with open_store(database_url) as opened:
        await keep(ARTICLES, store=opened, at=NOON)
        yield opened


async def brief(store, model, channel="slack:T1/C1", *, at=NOON):
    return await brief_channel(
        store=store,
        channel=channel,
        scope=SHARED,
        settings=SETTINGS,
        now=at,
        session=ModelSession(model=model, kinds=KINDS, fence=fence_of),
    )


async def edit(store, text, *, at=NEXT, revision=2):
    """Let a revision of the first article come an hour before ``at``."""
    revised = replace(
        ARTICLES[0],
        revision=revision,
        fetched_at=at - timedelta(hours=1),
        sentences=split_sentences(text),
    )
    await keep([revised], store=store, at=at)


def told(briefing):
    return [bullet.text for story in briefing.stories for bullet in story.bullets]


def only(*facts):
    return reply(headline=EMPTY, status=EMPTY, facts=list(facts), actors=[], questions=[])


async def test_rule_13_an_edit_withdraws_what_rested_on_the_old_sentence_for_readers_and_for_the_model(store):
    model = Answers(reply(), only(LESS))
    assert told(await brief(store, model)) == [WANTED["text"], OFFERED["text"]]
    await edit(store, TEXTS[0].replace("8 percent", "6 percent"))
    assert told(await brief(store, model, at=NEXT)) == [LESS["text"]]
    known, _, material = model.requests[-1].user.partition("New articles:")
    assert OFFERED["text"] in known
    assert WANTED["text"] not in known
    assert "6 percent" in material
    newcomer = await brief(
        store, Answers(ModelError("nobody should ask", reason="x")), "slack:T1/C2", at=NEXT
    )
    assert told(newcomer) == [LESS["text"], OFFERED["text"]]


async def test_rule_13_what_was_moved_within_the_article_is_told_once_under_its_new_number(store):
    model = Answers(reply(), only())
    await brief(store, model)
    first, second, third = (s.text for s in ARTICLES[0].sentences)
    await edit(store, f"{third} {first} {second} Nobody was hurt.")
    assert told(await brief(store, model, at=NEXT)) == []
    newcomer = await brief(
        store, Answers(ModelError("nobody should ask", reason="x")), "slack:T1/C2", at=NEXT
    )
    (story,) = newcomer.stories
    assert {b.text: b.citations[0].sentences for b in story.bullets} == {
        WANTED["text"]: (3,),
        OFFERED["text"]: (1,),
    }
    assert {c.revision for b in story.bullets for c in b.citations} == {2}
