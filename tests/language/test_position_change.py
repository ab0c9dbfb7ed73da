"""A turn is consent where there was refusal, on the same matter; anything else said is none."""

from __future__ import annotations

import pytest

from bot.language.position_change import changed_position, position


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("The union rejected the offer of 4 percent.", -1),
        ("The union will accept the offer.", 1),
        ("The minister did not accept the plan.", -1),
        ("She no longer opposes the plan.", 1),
        ("He accepted one part and rejected the other.", 0),
        ("The talks go on.", 0),
    ],
)
def test_a_statement_takes_a_side_or_none(text, side):
    assert position(text) == side


@pytest.mark.parametrize(
    ("now", "before", "is_turn"),
    [
        ("Tove Lind accepted the company's offer.", "Tove Lind rejected the company's offer.", True),
        ("Tove Lind rejected the offer again.", "Tove Lind rejected the company's offer.", False),
        ("Tove Lind welcomed the new ferry.", "Tove Lind rejected the company's offer.", False),
        ("Tove Lind spoke of the offer.", "Tove Lind rejected the company's offer.", False),
    ],
)
def test_a_turn_needs_the_other_side_of_the_same_matter(now, before, is_turn):
    assert changed_position(now, before, who="Tove Lind union leader") is is_turn
