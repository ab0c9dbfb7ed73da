"""What a name does and what is done to it."""

from __future__ import annotations

from bot.evidence.reading.facts import read


def test_names_joined_by_and_do_the_same():
    one, other = read("Hale and Lund signed it.", None).names
    assert one.slots == other.slots
    first, second, third = read("Hale, Lund and Brandt signed it.", None).names
    assert second.slots == third.slots
    assert first.text == "Hale"
