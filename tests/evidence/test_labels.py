"""A label holds only where numbers, names, claimants and days say so."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.evidence.labels import LabelledFact, disagree, new_numbers, supersedes
from tests.support.running.rows import each_row

MORNING, EVENING = (datetime(2031, 9, 14, hour, tzinfo=UTC) for hour in (8, 20))


def toll(number: int, *, by: str = "Omar Reza", reported_at: datetime | None = None) -> LabelledFact:
    return LabelledFact(
        text=f"The death toll in Tarsk has risen to {number}.",
        claimant=by,
        day=date(2031, 9, 14),
        reported_at=reported_at,
    )


def test_rule_7_of_two_tolls_of_one_day_the_later_told_takes_the_place_of_the_earlier():
    assert supersedes(toll(87, reported_at=EVENING), toll(61, reported_at=MORNING)).passed
    assert not supersedes(toll(61, reported_at=MORNING), toll(87, reported_at=EVENING)).passed


def test_two_tolls_of_one_day_without_a_time_stand_side_by_side():
    assert supersedes(toll(87), toll(61)).reason == "supersedes"


def test_sides_that_differ_in_a_number_disagree():
    assert disagree([toll(87), toll(61, by="the Red Crescent")]).passed


def test_sides_that_say_the_same_do_not_disagree():
    assert disagree([toll(87), toll(87, by="the Red Crescent")]).reason == "agreed"


def test_one_speaker_is_not_two_sides():
    assert disagree([toll(87), toll(61)]).reason == "agreed"
    assert disagree([toll(87)]).reason == "agreed"


def side(by, text):
    return LabelledFact(text=text, claimant=by)


def test_sides_that_speak_of_other_things_do_not_disagree():
    apart = [
        side("Omar Reza", "The bridge needs repair."),
        side("the Red Crescent", "Schools have reopened."),
    ]
    assert disagree(apart).reason == "agreed"


def test_numbers_of_other_things_are_no_disagreement():
    counted = [side("Omar Reza", "They hold 197 captives."), side("the Red Crescent", "It has 21 lorries.")]
    assert disagree(counted).reason == "agreed"
    counted[1] = side("the Red Crescent", "They hold 150 captives.")
    assert disagree(counted).passed


def test_sides_of_which_one_denies_what_the_other_says_disagree():
    assert disagree(
        [side("Omar Reza", "The valve was open."), side("the ferry company", "The valve was not open.")]
    ).passed


def test_a_third_side_that_says_what_another_says_needs_one_that_differs():
    one, other = side("Omar Reza", "They hold 197 captives."), side("Ana Lum", "They hold 150 captives.")
    assert disagree([one, other, side("the Red Crescent", "They hold 197 captives.")]).passed
    assert disagree([one, other, side("the Red Crescent", "Schools have reopened.")]).reason == "agreed"


def test_a_number_is_new_only_where_no_known_line_has_it_in_figures_or_words():
    known = ["The missile flew 3,700 kilometers.", "It took off ten minutes late."]
    assert new_numbers("It flew 3,700 km and left 10 minutes late.", known) == ()
    assert new_numbers("It flew 2,700 km and left 10 minutes late.", known) == ("2,700",)


@each_row(
    ("one", "other"),
    [
        ("31 killed", "40 died"),
        ("31 people were killed in the fire.", "40 people died in the fire."),
        ("The fire killed 31 people.", "40 deaths."),
        ("The death toll stands at 31.", "40 people are dead."),
        ("31 soldiers were killed.", "40 soldiers died."),
        ("12 people were injured.", "15 were hurt."),
        ("12 were wounded.", "The blast injured 15 people."),
        ("Police arrested 12 people.", "15 were detained."),
        ("4 people are missing.", "7 are unaccounted for."),
        ("300 people were evacuated.", "There were 450 evacuees."),
        ("The firm sacked 300 workers.", "There were 450 redundancies among its workers, not 300."),
    ],
)
def test_numbers_of_one_thing_in_other_words_disagree(one: str, other: str):
    assert disagree([side("the mayor", one), side("the Red Crescent", other)]).passed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("31 people were killed.", "40 people were injured."),
        ("31 killed", "40 arrested"),
        ("31 were detained.", "40 were released."),
        ("31 soldiers were killed.", "40 civilians died."),
        ("31 soldiers were killed.", "40 people died."),
        ("4 people are missing.", "7 were rescued."),
    ],
)
def test_numbers_of_those_whom_something_else_befell_do_not_disagree(one: str, other: str):
    assert disagree([side("the mayor", one), side("the Red Crescent", other)]).reason == "agreed"


def test_a_toll_in_other_words_takes_the_place_of_the_earlier_one():
    earlier = LabelledFact(text="31 people were killed in the fire.", day=date(2031, 9, 14))
    later = LabelledFact(text="40 people died in the fire.", day=date(2031, 9, 15))
    hurt = LabelledFact(text="40 people were hurt in the fire.", day=date(2031, 9, 15))
    assert supersedes(later, earlier).passed
    assert not supersedes(hurt, earlier).passed


def test_one_is_no_new_number():
    assert new_numbers("They have 1 ship and 2 boats.", []) == ("2",)


def test_rule_7_a_fact_without_a_day_takes_the_place_of_none():
    undated = LabelledFact(text="The death toll in Tarsk has risen to 87.", claimant="Omar Reza")
    assert supersedes(undated, toll(61)).words == ("its day is not later",)


def test_rule_7_what_the_outlets_report_does_not_replace_what_somebody_says():
    earlier = LabelledFact(text="The death toll in Tarsk is 61.", claimant="Omar Reza", day=date(2031, 9, 13))
    assert supersedes(toll(87, by=""), earlier).words == ("said by the outlets, not by Omar Reza",)
    assert supersedes(toll(87), LabelledFact(text=earlier.text, day=earlier.day)).words == (
        "said by Omar Reza, not by the outlets",
    )


def test_a_number_of_the_dead_disagrees_with_one_that_does_not_say_what_befell_them():
    assert disagree([side("the mayor", "The fire killed 31."), side("Ana Lum", "It was 40.")]).passed
    assert disagree(
        [side("the mayor", "31 workers were killed."), side("Ana Lum", "It was 40 workers.")]
    ).passed
