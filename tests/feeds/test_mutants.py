"""Damage nobody foresaw: a damaged feed gives what was whole, or one reason, and never another error."""

from __future__ import annotations

import pytest

from bot.feeds.document.parse import parse_feed
from tests.feeds.mutants import SEEDS, mutants, outcomes
from tests.support.sizes import sized

COUNT = sized(300, 10_000)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_no_damage_gets_through_as_an_error(seed):
    found = outcomes(COUNT // 2, seed=seed)
    assert [outcome for outcome in found if outcome.startswith("uncaught")] == []
    assert sum(found.values()) == COUNT // 2
    # Most of the damage leaves something to read.
    assert found["read"] + found["read in part"] > COUNT // 4


def test_the_same_seed_makes_the_same_mutants():
    assert list(mutants(20, seed=7)) == list(mutants(20, seed=7))
    assert list(mutants(20, seed=7)) != list(mutants(20, seed=8))


@pytest.mark.parametrize("name", SEEDS)
def test_what_mutants_are_made_of_is_whole(name):
    document = parse_feed(SEEDS[name].encode(), url="https://news.example/feed.xml")
    assert (len(document.entries), document.note) == (5, "")
