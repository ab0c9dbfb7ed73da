"""A number is in the cited sentences and counts the same thing there."""

from __future__ import annotations

from tests.evidence.checking import check


def test_a_number_may_be_told_by_another_word():
    assert check("Two men were hurt at the port.", "Both men were hurt at the port.").passed
    assert check("Three sisters opened the shop.", "The trio of sisters opened the shop.").passed
    assert check("Three men were hurt at the port.", "Both men were hurt at the port.").reason == "number"
    assert check("Two sisters opened the shop.", "The trio of sisters opened the shop.").reason == "number"
    assert check("12 boats sank at the port.", "A dozen boats sank at the port.").passed


def test_a_number_is_not_led_to_by_the_words_before_another():
    said = "Lund carefully repaired 9 cranes, and scrapped 12 boats."
    assert check("Lund scrapped 12 boats.", said).passed
    assert check("Lund carefully repaired 12 boats.", said).reason == "counted"


def test_a_number_may_be_rounded_where_it_is_told_as_rounded():
    said = "A jury awarded Lund $136.9 million on Monday."
    for text in (
        "nearly $137 million",
        "about $137 million",
        "more than $136 million",
        "almost $140 million",
    ):
        assert check(f"A jury awarded Lund {text}.", said).passed, text
    for text in (
        "$137 million",
        "more than $137 million",
        "nearly $136 million",
        "about $120 million",
        "about 137 million euros",
    ):
        assert check(f"A jury awarded Lund {text}.", said).reason in {"number", "counted"}, text
