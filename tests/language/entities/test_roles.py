"""Whether a text says who somebody is, and how it can be made to."""

from __future__ import annotations

import pytest

from bot.language.entities.roles import role_beside, says_who


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Ida Moe, chief pilot of Norvik, closed the port.", True),
        ("Norvik's chief pilot Ida Moe closed the port.", True),
        ("Ida Moe closed the port of Osby.", False),
        (
            "The chief pilot of Norvik closed the harbour for all ships until the end of the week, says Ida Moe.",
            False,
        ),
        ("The chief pilot of Norvik closed the port.", False),
    ],
)
def test_a_text_says_who_somebody_is_beside_the_name(text: str, *, says: bool) -> None:
    assert says_who(text, name="Ida Moe", role="chief pilot of Norvik") is says


def test_a_body_that_the_text_names_is_not_named_again_in_a_role() -> None:
    role = "spokesman of the Norvik Port Board"
    assert role_beside("The Norvik Port Board opens a review.", role) == "spokesman"
    assert role_beside("The port opens a review.", role) == role
    assert role_beside("The Norvik Port Board opens a review.", "chief pilot") == "chief pilot"
    assert role_beside("The port opens a review.", "chief of the WHO") == "chief of the WHO"
