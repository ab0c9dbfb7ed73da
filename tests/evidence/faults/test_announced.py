"""What is announced lies ahead, on the day that is printed."""

from __future__ import annotations

from tests.evidence.checking import check


def test_only_what_will_happen_is_announced():
    said = "The union will decide on a strike on Friday."
    assert check("The union decides on a strike", said, field="next").passed
    done = "The union decided on a strike on Friday."
    assert check("The union decides on a strike", done, field="next").reason == "not_announced"


def test_a_plan_that_is_denied_announces_nothing():
    said = "The union will not decide on a strike on Friday."
    assert not check("The union decides on a strike", said, field="next").passed
