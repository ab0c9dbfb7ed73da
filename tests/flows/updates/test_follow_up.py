"""Asking a model again: only where it can change something, and without an answer the check by rules stands."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import ModelError
from bot.flows.updates.calls import UpdateCalls
from bot.flows.updates.follow_up import look_again, repair
from bot.flows.updates.prompts import load_update_prompts
from bot.flows.updates.work import BatchAtWork
from bot.model.scope import SHARED
from bot.updates.by_model.check import check_proposed
from bot.updates.by_model.propose import proposed
from bot.updates.by_model.reply import read_update
from tests.flows.ferry import ARTICLES, KINDS, MONDAY, OFFERED, STORY, Answers, fact, reply
from tests.updates.readings import reading_of

PROMPTS = load_update_prompts(KINDS)
READING = reading_of(*ARTICLES)
KEY = "update-2gjai7i7bcnkwnfk-v3"
SOUND = reply()
# The cited sentence says 8 percent.
WRONG = reply(
    facts=[
        fact("The seafarers' union wants 9 percent more pay.", 2, claimant="Tove Lind", importance=3),
        OFFERED,
    ]
)
# The cited sentence says it in so many other words that rules are not sure.
THIN = reply(
    facts=[fact("The union demands more money for crews.", 2, claimant="Tove Lind", importance=3), OFFERED]
)
RIGHT = {"field": "facts[0]", "text": "The seafarers' union wants 8 percent more pay.", "said_by": "Tove Lind", "cite": [2]}  # fmt: skip
SILENT = ModelError("It did not answer", reason="timeout")


class Case:
    """A reply that rules have checked, before it is asked again."""

    def __init__(self, said):
        self.reply = read_update(said)
        self.fields = tuple(proposed(self.reply, READING.batch, kinds=KINDS))
        self.work = BatchAtWork(
            story_id=STORY,
            scope=SHARED,
            batch=READING.batch,
            ledger=READING.ledger,
            at=MONDAY,
            articles=ARTICLES,
            checked=list(check_proposed(self.fields, READING)),
        )

    async def look(self, model):
        return await self._ask(look_again, model, prompt=PROMPTS.look)

    async def repair(self, model):
        return await self._ask(repair, model, prompt=PROMPTS.repair)

    async def _ask(self, again, model, *, prompt):
        calls = calls_of(model)
        return await again(self.work, KEY, self.fields, self.reply, READING, calls=calls, prompt=prompt)

    def passed(self, path):
        """Return whether the field ``path`` passed, at its last check."""
        return [one.verdict.passed for one in self.work.checked if one.field == path][-1]


def calls_of(model):
    return UpdateCalls(model=model, fence=lambda key: "fence")


async def case(said):
    return await asyncio.to_thread(Case, said)  # what is checked first opens the rules


async def test_what_rules_are_sure_of_is_not_asked_again():
    model, sound = Answers({}), await case(SOUND)
    assert await sound.look(model) == {}
    assert await sound.repair(model) == sound.fields
    assert model.requests == []
    assert sound.work.exchanges == []


async def test_of_a_statement_that_rules_doubt_the_models_verdict_is_taken():
    for carried in (True, False):
        doubted = await case(THIN)
        model = Answers({"verdicts": [{"field": "facts[0]", "carried": carried}], "repeats": []})
        assert doubted.passed("facts[0]")
        assert await doubted.look(model) == {}
        assert doubted.passed("facts[0]") is carried
        assert [one.purpose for one in model.requests] == ["second look"]
        assert model.requests[0].record_key.startswith("second-look-")
        assert THIN["facts"][0]["text"] in model.requests[0].user


@pytest.mark.parametrize(
    "answer", [SILENT, {"verdicts": "all of them"}, {"verdicts": [{"field": "facts[0]"}]}]
)
async def test_without_a_verdict_the_check_by_rules_stands(answer):
    doubted = await case(THIN)
    before = list(doubted.work.checked)
    assert await doubted.look(Answers(answer)) == {}
    assert doubted.work.checked == before
    assert len(doubted.work.exchanges) == 1


async def test_what_was_refused_and_is_needed_is_corrected_once_and_checked_again():
    wrong, model = await case(WRONG), Answers({"statements": [RIGHT]})
    assert not wrong.passed("facts[0]")
    fields = await wrong.repair(model)
    assert [one.text for one in fields if one.path == "facts[0]"] == [RIGHT["text"]]
    assert [one.path for one in fields] == [one.path for one in wrong.fields]
    assert wrong.passed("facts[0]")
    assert [one.round for one in wrong.work.checked if one.field == "facts[0]"] == [1, 2]
    (request,) = model.requests
    assert request.purpose == "repair"
    assert "8 percent" in request.user


async def test_a_correction_that_is_as_wrong_is_refused_as_well():
    wrong = await case(WRONG)
    await wrong.repair(
        Answers({"statements": [RIGHT | {"text": "The seafarers' union wants 7 percent more pay."}]})
    )
    assert not wrong.passed("facts[0]")


@pytest.mark.parametrize(
    "answer", [SILENT, {"statements": 3}, {"statements": [RIGHT | {"field": "facts[1]"}]}]
)
async def test_without_a_correction_what_was_refused_stays_refused(answer):
    wrong = await case(WRONG)
    assert await wrong.repair(Answers(answer)) == wrong.fields
    assert not wrong.passed("facts[0]")
    assert wrong.passed("facts[1]")


async def test_the_same_question_has_the_same_key_and_another_another():
    keys = set()
    for said in (WRONG, WRONG, reply(facts=[replaced(WRONG, "9", "7"), OFFERED])):
        model, wrong = Answers({"statements": []}), await case(said)
        await wrong.repair(model)
        keys.add(model.requests[0].record_key)
    assert len(keys) == 2


def replaced(said, old, new):
    return said["facts"][0] | {"text": said["facts"][0]["text"].replace(old, new)}
