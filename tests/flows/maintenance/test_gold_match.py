"""What was printed is what gold says, whatever the marks, capitals and plurals."""

from __future__ import annotations

from datetime import date

import pytest

from bot.flows.maintenance.gold import GoldActor, GoldAnnouncement
from bot.flows.maintenance.gold_match import fold, holds, is_due, is_named, is_same_role, plurals, words

ANNA = GoldActor(name="Anna Lund", aliases=("the Minister",))


def test_marks_blanks_and_capitals_are_one():
    assert fold("“It’s\u00a0 ON” – said") == '"it\'s on" - said'


def test_a_text_holds_what_has_a_string_of_every_group():
    assert holds("talks resumed on monday", (("Talks",), ("Monday", "Tuesday")))
    assert not holds("talks resumed", (("Talks",), ("Monday", "Tuesday")))
    assert not holds("talks resumed", ()), "of nothing nothing is right"


def test_words_are_compared_in_singular_and_plural():
    assert words("19 Dead, of two") == {"dead", "two"}
    assert plurals({"boats"}) >= {"boat", "boats"}
    assert plurals({"boat"}) >= {"boat", "boats"}


@pytest.mark.parametrize(
    ("printed", "named"),
    [
        ("Anna Lund", True),
        ("Lund", True),
        ("B. Lund", True),
        ("the minister", True),
        ("Anna Berg", False),
        (" ", False),
    ],
)
def test_a_name_is_known_by_its_last_word_a_part_or_an_alias(printed, named):
    assert is_named(printed, ANNA) is named


@pytest.mark.parametrize(
    ("printed", "known", "same"),
    [
        ("finance minister", "minister", True),
        ("minister", "Minister of Finance", True),
        ("head of the union", "leader of the union", True),
        ("head of the port", "leader of the union", False),
        ("anything", "", True),
    ],
)
def test_a_role_is_the_same_by_a_word_that_says_something(printed, known, same):
    assert is_same_role(printed, known) is same


@pytest.mark.parametrize(
    ("due", "right"),
    [
        (date(2031, 3, 10), True),
        (date(2031, 3, 11), True),
        (date(2031, 3, 12), True),
        (date(2031, 3, 13), False),
        (None, False),
    ],
)
def test_a_day_within_the_announced_span_is_right(due, right):
    gold = GoldAnnouncement(all=(("vote",),), what="a vote", due=date(2031, 3, 10), due_end=date(2031, 3, 12))
    assert is_due(due, gold) is right
    assert is_due(due, GoldAnnouncement(all=(("vote",),), what="a vote"))
