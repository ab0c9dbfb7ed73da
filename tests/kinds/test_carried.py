import pytest

from bot.kinds.carried import says_state


@pytest.mark.parametrize(
    ("kind", "state", "line", "said"),
    [
        ("contest", "won", "Osby beats Velmar 2-0 in the cup", True),
        ("conflict", "fighting", "Oil prices jump on the news from Velmar", False),
        ("legal", "charged or sued", "The mayor faces nine charges over the bridge", True),
        ("legal", "charged or sued", "Lund removes claims against the mayor", False),
        ("accident", "investigated", "Police are investigating the fall", True),  # "investigat*"
        ("referendum", "counted", "All ballots are in", True),  # an operator's kind has no words here
        ("contest", "postponed by rain", "Osby beats Velmar", True),  # nor has an operator's state
        ("contest", "won", "", False),
    ],
)
def test_a_line_says_a_state_by_a_word_that_its_kind_knows_for_it(kind, state, line, said):
    assert says_state(kind, state, line) is said
