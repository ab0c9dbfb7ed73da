"""What counts as said before: one known text that says it, with its numbers, names and negations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.similarity import BESIDE_SIMILARITY, SentenceIndex, held_share, is_restated, similarity
from tests.support.running.rows import each_row

LEAK = "Engineers say the well leaks 1,000 barrels of oil a day into the gulf."


@pytest.mark.parametrize(
    ("statement", "known"),
    [
        ("The well leaks 1,000 barrels of oil a day into the gulf, engineers say.", [LEAK]),
        ("1,000 barrels of oil a day leak from the well into the gulf.", ["A storm nears the coast.", LEAK]),
        ("The ceasefire has come into effect.", ["The ceasefire came into effect at noon on Monday."]),
        (
            "The inquiry found that Attorney General Holm's office knew of it.",
            ["Attorney general Holm and his office knew of it, the inquiry found."],
        ),
        ("Holm refused to resign over the leak.", ["Holm rejected calls to resign over the leak."]),
        # Two numbers that were told together, whatever the words around them.
        (
            "At least 59 people were killed and 527 injured by a gunman at a festival near the Brekk Bay Resort.",
            ["59 dead, 527 injured in Brekk shooting"],
        ),
    ],
)
def test_what_one_known_text_says_is_known(statement, known):
    assert is_restated(statement, known)


@each_row(
    ("statement", "known"),
    [
        # The number is known, of something else; and of barrels another number is known.
        (
            "The well leaks 5,000 barrels of oil a day into the gulf, engineers say.",
            [LEAK, "5,000 workers clean the beaches of the gulf."],
        ),
        # Each word is known, and nobody has said this.
        (
            "Oil from the well has reached the beaches where workers wait for a storm.",
            [
                LEAK,
                "5,000 workers clean the beaches of the gulf.",
                "A storm nears the coast, and crews wait.",
            ],
        ),
        ("Engineers say the well no longer leaks oil into the gulf.", [LEAK]),
        ("The ceasefire is broken.", ["The ceasefire came into effect at noon on Monday."]),
        ("Tarn Petrol says the well leaks 1,000 barrels of oil into the gulf.", [LEAK]),
        ("Mayor Holm will testify on the leak.", ["Mayor Holm will not testify on the leak."]),
        ("Mayor Holm won't testify on the leak.", ["Mayor Holm will testify on the leak."]),
        # All but what is new of it: the words that both share are those of the story.
        (
            "The port could stay closed for years, says harbour master Holm.",
            ["The minister names harbour master Holm to lead the repair of the port of Brekk."],
        ),
        (
            "At least 61 people were killed and 527 injured by a gunman at a festival near the Brekk Bay Resort.",
            ["59 dead, 527 injured in Brekk shooting"],
        ),
        (
            "The Big Three yards ask Brekk for 25 ferries.",
            ["Three yards in Brekk lose 25 workers, says the union."],
        ),
        # The talks have moved on by a day.
        (
            "Talks about pay between the ferry crews and Orsund Line in Brekk go on, and both sides praised the coffee on Tuesday.",
            ["Wage talks between ferry crews and Orsund Line opened in Brekk on Monday."],
        ),
        ("A storm nears the coast.", []),
    ],
)
def test_what_no_known_text_says_is_news(statement, known):
    assert not is_restated(statement, known)


SHORT_TEXTS = st.lists(
    st.sampled_from(["ferry", "strike", "harbour", "vote", "crane", "12", "the"]), max_size=6
).map(" ".join)


@given(SHORT_TEXTS, st.lists(st.tuples(SHORT_TEXTS, st.sampled_from("ab")), max_size=8))
def test_an_index_finds_what_comparing_with_each_text_finds(statement, texts):
    each = {}
    for text, owner in texts:
        each[owner] = max(each.get(owner, 0.0), similarity(statement, text))
    found = SentenceIndex(texts).best(statement)
    assert found == pytest.approx({owner: score for owner, score in each.items() if score})


def test_a_line_that_would_stand_beside_another_is_taken_for_it_from_less_likeness_on():
    known = ["The minister names harbour master Holm to lead the repair of the port of Brekk."]
    statement = "The port could stay closed for years, says harbour master Holm."
    assert not is_restated(statement, known)
    assert is_restated(statement, known, least=BESIDE_SIMILARITY)


@each_row(
    ("terms_of", "text", "share"),
    [
        ("Osby ferries stop", "The ferries of Osby stop on Monday.", 1.0),
        ("Osby ferries stop", "The ferry sails to Velmar.", 1 / 3),
        ("The ferry sails to Velmar", "Ferries stop", 1 / 3),  # of the first text, not of the second
        ("Osby ferries stop", "Rain fell.", 0.0),
        ("of the", "of the", 0.0),
    ],
)
def test_a_share_is_of_the_terms_of_the_first_text(terms_of: str, text: str, share: float) -> None:
    assert held_share(terms_of, text) == pytest.approx(share)
