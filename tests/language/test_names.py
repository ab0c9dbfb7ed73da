"""Names: two that can mean the same always share a key."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from bot.language.names import find_names, name_keys, same_name

WORDS = st.sampled_from(
    "Ana Ruiz Moe Lind U.N. UN United Nations of the Bank BE B.E. England al-Hadid Mr Dr Sir Jean-Luc o'Neill".split()
)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


@given(NAMES, NAMES)
@example("UN", "United Nations")
@example("Bank of England", "BE")
@example("Moe", "Karin Moe")
def test_names_that_can_mean_the_same_share_a_key(one, other):
    if same_name(one, other):
        assert name_keys(one) & name_keys(other)


def test_an_indefinite_pronoun_is_no_name():
    for word in ("Nobody", "Everyone", "Someone", "Nothing", "None", "Neither"):
        assert find_names(f"{word} was hurt in Tarsk.")[0].text == "Tarsk"
