"""One call on a batch of a story: what is asked, and that its exchange is kept whatever came of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.errors import ModelError
from bot.flows.updates.calls import UpdateCalls
from bot.flows.updates.prompts import random_fence
from bot.flows.updates.work import BatchAtWork
from bot.model.scope import SHARED
from bot.prompts import load_prompt
from bot.stories.fold import fold
from bot.updates.material import batches_of
from tests.flows.ferry import ARTICLES, MONDAY, STORY, Answers

REPAIR = load_prompt("update_repair")
VALUES = {"faults": "facts[0]: the number", "sentences": "2. The union wants 8 percent."}
SCHEMA = {"type": "object"}


def at_work(articles=ARTICLES):
    return BatchAtWork(
        story_id=STORY,
        scope=SHARED,
        batch=batches_of(ARTICLES)[0],
        ledger=fold(STORY, ()),
        at=MONDAY,
        articles=articles,
    )


async def ask(model, work, prompt=REPAIR, **values):
    calls = UpdateCalls(model=model, workspace="T1", fence=lambda key: f"fence-of-{key}")
    more = {"purpose": "repair", "key": "upd-1-v1", "schema": SCHEMA, "most": 800}
    return await calls.ask(work, prompt, **more, **(VALUES | values))


async def test_a_request_says_what_it_is_for_and_what_it_may_cost():
    model = Answers({"statements": []})
    await ask(model, at_work())
    (request,) = model.requests
    assert (request.purpose, request.record_key, request.schema) == ("repair", "upd-1-v1", SCHEMA)
    assert (request.workspace, request.subject) == ("T1", STORY)
    assert (request.max_output_tokens, request.prompt_hash) == (800, REPAIR.hash)
    assert request.system == REPAIR.system
    assert all(value in request.user for value in VALUES.values())


async def test_text_from_outside_stands_between_the_code_words_of_the_call():
    model = Answers({})
    await ask(model, at_work())
    assert "fence-of-upd-1-v1" in model.requests[0].user
    assert len({random_fence("") for _ in range(20)}) == 20


async def test_an_answer_is_kept_with_its_request_its_model_and_its_usage():
    model, work = Answers({"statements": []}), at_work()
    answer = await ask(model, work)
    (kept,) = work.exchanges
    assert (kept.request, kept.reply) == (model.requests[0].user, json.dumps({"statements": []}))
    assert (kept.model, kept.usage, kept.failure) == ("answers", answer.usage, "")


async def test_a_failure_is_kept_with_what_came_and_is_raised():
    work = at_work()
    with pytest.raises(ModelError, match="no JSON"):
        await ask(Answers(ModelError("It is no JSON", reason="json", text="Sorry, I")), work)
    (kept,) = work.exchanges
    assert (kept.failure, kept.reply, kept.model) == ("It is no JSON", "Sorry, I", "")
    assert VALUES["faults"] in kept.request


@pytest.mark.parametrize(("languages", "wanted"), [(("", "de"), "de"), (("", ""), "en")])
async def test_rule_15_a_prompt_that_asks_for_a_language_gets_that_of_the_first_article_that_has_one(
    languages, wanted
):
    articles = [replace(one, language=code) for one, code in zip(ARTICLES, languages, strict=True)]
    model = Answers({})
    await ask(model, at_work(tuple(articles)))
    assert f"Language: {wanted}\n" in model.requests[0].user
