"""A label holds only where numbers, names, claimants and days say so."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.evidence.labels import LabelledFact, disagree, supersedes

MORNING, EVENING = (datetime(2031, 9, 14, hour, tzinfo=UTC) for hour in (8, 20))


def toll(number: int, *, by: str = "Omar Reza", reported_at: datetime | None = None) -> LabelledFact:
    return LabelledFact(
        text=f"The death toll in Tarsk has risen to {number}.",
        claimant=by,
        day=date(2031, 9, 14),
        reported_at=reported_at,
    )


def test_of_two_tolls_of_one_day_the_later_told_takes_the_place_of_the_earlier():
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
