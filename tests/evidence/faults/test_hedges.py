"""What is planned or doubted is not told as done."""

from __future__ import annotations

from tests.evidence.checking import check


def test_a_plan_for_one_thing_says_nothing_of_another_beside_it():
    said = "Kestrel plans to open a costly tram depot at the harbour, inaugurated by Lund in May."
    assert check("Lund opened the harbour in May.", said).passed
    assert check("Kestrel opened a costly tram depot at the harbour.", said).reason == "hedge"
