"""The fallback chain: the first that answers, within the one deadline."""

from __future__ import annotations

import pytest

from bot.errors import ModelError
from bot.llm.fallback_chain import FallbackChain
from bot.llm.offline.scripted import ScriptedModel
from tests.llm.asked import request


class Failing:
    def __init__(self, *, takes=0.0, clock=None):
        self.deadlines = []
        self.takes, self.clock = takes, clock

    async def complete(self, asked):
        self.deadlines.append(asked.deadline)
        if self.clock:
            self.clock[0] += self.takes
        raise ModelError("It failed", reason="server_error")


async def test_the_second_answers_where_the_first_fails():
    chain = FallbackChain([Failing(), ScriptedModel(lambda _: {"from": "second"})])
    assert (await chain.complete(request())).data == {"from": "second"}


async def test_the_last_failure_is_told():
    with pytest.raises(ModelError, match="It failed"):
        await FallbackChain([Failing(), Failing()]).complete(request())


async def test_all_models_share_one_deadline():
    now = [0.0]
    first, second = Failing(takes=4.0, clock=now), Failing(takes=9.0, clock=now)
    with pytest.raises(ModelError):
        await FallbackChain([first, second, Failing()], clock=lambda: now[0]).complete(request(deadline=10.0))
    assert first.deadlines == [6.0]
    assert second.deadlines == [pytest.approx(3.6)]


def test_a_fallback_chain_needs_a_model():
    with pytest.raises(ValueError, match="needs a model"):
        FallbackChain([])
