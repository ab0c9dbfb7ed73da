"""Support: high where a passage answers, low where it only speaks of something near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.support import PassageFeatures, support, value
from bot.config import Answers
from tests.answers.made import asked, passage, weights

STORM = passage(
    "Storm Ilsa killed 19 people in Marenga. The army sent 40 boats.", title="Storm Ilsa: 19 dead"
)
DEAL = passage(
    "Velmora Grid buys Tessel Power for $4.2 billion, Ingrid Solberg said.", title="Velmora buys Tessel"
)
THRESHOLD = Answers().threshold


def held(question, *passages):
    understood = asked(question)
    return support(passages, understood, weights(understood)).value


@pytest.mark.parametrize(
    ("question", "one"),
    [
        ("How many people died in Storm Ilsa?", STORM),
        ("How many boats did the army send to Marenga?", STORM),
        ("How much does Velmora pay for Tessel?", DEAL),
        ("Who spoke about the purchase of Tessel Power?", DEAL),
    ],
)
def test_what_a_passage_answers_is_supported(question, one):
    assert held(question, one) >= THRESHOLD


@pytest.mark.parametrize(
    ("question", "one"),
    [
        ("How many people died in Storm Karl?", STORM),
        ("How much did the boats cost?", STORM),
        ("How fast were the winds of Ilsa?", STORM),
        ("How many employees does Velmora have in Norway?", DEAL),
        ("Who won the election in Velmora's home town?", DEAL),
    ],
)
def test_what_is_only_near_is_not(question, one):
    assert held(question, one) < THRESHOLD


def test_nothing_found_is_no_support_and_says_so():
    understood = asked("Who won?")
    nothing = support((), understood, weights(understood))
    assert nothing.value == 0.0
    assert "nothing" in nothing.why[0]


def test_the_best_passage_decides_and_is_explained():
    understood = asked("How many people died in Storm Ilsa?")
    found = support((DEAL, STORM), understood, weights(understood))
    assert found == support((STORM,), understood, weights(understood))
    assert "names 1.00" in found.why[0]


unit = st.floats(0, 1)


@given(
    st.builds(PassageFeatures, passage=unit, sentence=unit, article=unit, names=unit, form=unit),
    st.sampled_from(["passage", "sentence", "article", "names", "form"]),
)
def test_more_of_anything_never_lowers_support(features, which):
    more = PassageFeatures(
        **{f: 1.0 if f == which else getattr(features, f) for f in features.__dataclass_fields__}
    )
    assert 0.0 <= value(features) <= value(more) <= 1.0
