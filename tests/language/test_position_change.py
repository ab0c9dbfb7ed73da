"""A turn is consent where there was refusal, on the same matter; anything else said is none."""

from __future__ import annotations

import pytest

from bot.language.position_change import changed_position, position
from tests.support.running.rows import each_row


@each_row(
    ("text", "side"),
    [
        ("The union rejected the offer of 4 percent.", -1),
        ("The union will accept the offer.", 1),
        ("The minister did not accept the plan.", -1),
        ("She no longer opposes the plan.", 1),
        ("He accepted one part and rejected the other.", 0),
        ("The talks go on.", 0),
        ("The union cannot accept the offer.", -1),
        ("The union can't accept the offer.", -1),
        ("The union can’t accept the offer.", -1),
        ("The company hasn't agreed to the terms.", -1),
        ("Nobody supports the plan.", -1),
        ("No party supports the plan.", -1),
        ("Neither side has approved the text.", -1),
        ("The ministry couldn't confirm the deal.", -1),
        ("The board has yet to approve the merger.", -1),
        ("The board ruled out accepting the bid.", -1),
        ("The company did not refuse the terms.", 1),
        ("The mayor won't block the bridge.", 1),
        ("The union never opposed the plan.", 1),
        ("The party backs the plan.", 1),
        ("The party never backed the plan.", -1),
        ("The party rebuffed the offer.", -1),
        ("The party withdrew its support.", 0),
        ("The US-backed council met on Monday.", 0),
        ("The US-backed council rejected the plan.", -1),
    ],
)
def test_a_statement_takes_a_side_or_none(text, side):
    assert position(text) == side


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("The union will accept the offer, which does not cover pensions.", 1),
        ("The company rejected the offer without comment.", -1),
        ("The mayor not only supports the plan.", 1),
        ("The council welcomed the sanctions against the firm.", 1),
    ],
)
def test_a_negation_of_something_else_turns_no_side(text, side):
    assert position(text) == side


@pytest.mark.parametrize(
    "text",
    [
        "The union accepted none of the terms.",
        "The firm agreed not to raise fares.",
        "The union did not, for now, accept the offer.",
        "The union, which has not met since May, accepted the offer.",
        "The board decided against accepting the bid.",
        "Few members support the plan.",
    ],
)
def test_a_negation_that_may_be_of_the_side_leaves_it_open(text):
    assert position(text) == 0


@pytest.mark.parametrize(
    ("now", "before", "is_turn"),
    [
        ("Tove Lind cannot accept the company's offer.", "Tove Lind accepted the company's offer.", True),
        ("Tove Lind can't accept the company's offer.", "Tove Lind rejected the company's offer.", False),
        ("Tove Lind accepted the company's offer.", "Tove Lind rejected the company's offer.", True),
        ("Tove Lind rejected the offer again.", "Tove Lind rejected the company's offer.", False),
        ("Tove Lind welcomed the new ferry.", "Tove Lind rejected the company's offer.", False),
        ("Tove Lind spoke of the offer.", "Tove Lind rejected the company's offer.", False),
    ],
)
def test_a_turn_needs_the_other_side_of_the_same_matter(now, before, is_turn):
    assert changed_position(now, before, who="Tove Lind union leader") is is_turn
