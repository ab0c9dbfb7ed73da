"""A story has come to a state where a cited sentence says so."""

from __future__ import annotations

from bot.evidence.faults.states import state_holds
from bot.evidence.reading.ground import facts_of, ground_of
from bot.model.news import Citation
from tests.evidence.checking import article


def holds(description: str, *said: str) -> bool:
    told = article(*said)
    ground = ground_of(
        [Citation(article_id="a", sentences=tuple(range(1, len(said) + 1)))], articles={("a", 1): told}
    )
    return state_holds(facts_of(told, description), ground).passed


def test_a_denial_of_something_else_leaves_a_state_as_it_is():
    assert holds(
        "The court acquitted the accused.", "The court acquitted Brandt, though it did not order costs."
    )
    assert not holds(
        "The court acquitted the accused.", "The court did not acquit Brandt, though it ordered costs."
    )
