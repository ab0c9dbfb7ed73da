"""What a model is told before the news: as short as it may be, and long enough that endpoints cache it."""

from __future__ import annotations

from bot.flows.updates.prompts import load_update_prompts
from bot.kinds import shipped_kinds

CHARS_PER_TOKEN = 4


def test_the_instructions_of_an_update_are_cached_by_endpoints_and_no_longer_than_a_call_allows():
    prompts = load_update_prompts(shipped_kinds())
    assert 1_024 <= len(prompts.update.system) / CHARS_PER_TOKEN <= 1_200


def test_the_instructions_of_what_is_asked_again_are_short():
    prompts = load_update_prompts(shipped_kinds())
    assert prompts.look
    assert max(len(p.system) for p in (prompts.repair, prompts.look)) / CHARS_PER_TOKEN <= 200
