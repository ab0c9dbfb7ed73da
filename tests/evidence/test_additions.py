"""A number or a day of its own makes a fact news, whatever else it says again; when it was said, and how it is spelled, does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evidence.additions import additions
from bot.evidence.labels import LabelledFact
from tests.support.running.rows import each_row

FRIDAY = datetime(2031, 9, 19, 12, tzinfo=UTC)


def told(text: str, *, days_before: int = 0, day: date | None = None) -> LabelledFact:
    return LabelledFact(text=text, day=day, reported_at=FRIDAY - timedelta(days=days_before))


EARLIER = told("Norvia fired a missile over Tarsk on Monday 1 September, officials said.", days_before=17)


@each_row(
    ("new", "known"),
    [
        ("The ferry left 10 minutes late.", "The ferry was ten minutes late."),
        ("Two dozen people were hurt.", "24 people were hurt."),
        ("The loss is 1.2 million euros.", "The loss is €1,200,000."),
        ("The rocket flew 3,700kms.", "The rocket flew 3,700 kilometres."),
        ("The bus left Brekk at 7:15 a.m. and broke down.", "The bus from Brekk broke down."),
        ("The bridge at Osby, built in 1974, is closed.", "The bridge at Osby is closed."),
        ("Holt won the 1974 cup.", "Holt won a cup."),
        ("Hundreds were hurt.", "12 were hurt."),
        ("The money went to a third party in Norvia.", "The money went to Norvia."),
        ("Crews rescued one child.", "Crews rescued a child."),
        ("Holt is behind hundreds of frauds.", "Holt is behind frauds worth thousands of euros."),
    ],
)
def test_a_number_in_another_spelling_a_year_or_a_clock_time_is_no_addition(new, known):
    assert additions(told(new), [told(known, days_before=1)]) == ()


@pytest.mark.parametrize(
    ("new", "known", "added"),
    [
        ("27 people were hurt.", "25 people were hurt.", ("27",)),
        ("It costs 12 percent more.", "It costs 12 euros more.", ("12 percent",)),
        ("Hundreds were hurt.", "Dozens were hurt.", ("Hundreds",)),
        ("A third bomb was found.", "A second bomb was found.", ("third",)),
        ("3 parties took part.", "A party took part.", ("3",)),
        ("The loss is in the millions.", "The loss is in the thousands of euros.", ("millions",)),
    ],
)
def test_another_number_is_an_addition(new, known, added):
    assert additions(told(new), [told(known, days_before=1)]) == added


def test_what_one_line_lacks_another_may_hold():
    new = told("12 people died and 40 were hurt.")
    dead, hurt = told("12 died.", days_before=1), told("40 were hurt.", days_before=1)
    assert additions(new, [dead]) == ("40",)
    assert additions(new, [dead, hurt]) == ()
    assert additions(new, []) == ("12", "40")


@pytest.mark.parametrize(
    "new",
    [
        "Norvia fired a missile over Tarsk, officials said on Wednesday 17 September.",
        "Officials told The Brekk Post in a statement late on Wednesday 17 September that Norvia fired a missile over Tarsk.",
        "On Wednesday 17 September the army said that Norvia had fired a missile over Tarsk.",
        "The army announced Wednesday 17 September that Norvia had fired a missile over Tarsk.",
    ],
)
def test_the_day_on_which_somebody_said_it_is_no_addition(new):
    assert additions(told(new), [EARLIER]) == ()


@pytest.mark.parametrize(
    "new",
    [
        "Norvia fired a missile over Tarsk on Wednesday 17 September.",
        "Norvia fired a missile over Tarsk on Wednesday, the army said on Thursday 18 September.",
        "On Wednesday 17 September a missile flew over Tarsk, the army said.",
        "The army said a missile flew over Tarsk on Wednesday 17 September.",
    ],
)
def test_a_missile_of_another_day_is_news(new):
    (added,) = additions(told(new), [EARLIER])
    assert added.startswith("Wednesday")


def test_a_weekday_and_its_date_are_one_day():
    new = told("A missile flew over Tarsk on Monday.", days_before=14)
    assert additions(new, [EARLIER]) == ()
    assert additions(told("A missile flew over Tarsk on Monday."), [EARLIER]) == ("Monday",)


def test_a_day_that_a_known_line_does_not_print_may_be_its_own_until_it_was_told():
    known = "Norvia fired a missile over Tarsk."
    new = told("Norvia fired a missile over Tarsk on Wednesday 17 September.")
    assert additions(new, [told(known, days_before=1)]) == ()
    assert additions(new, [told(known, days_before=17)]) == ("Wednesday 17 September",)
    assert additions(new, [told(known, days_before=1, day=date(2031, 9, 1))]) == ("Wednesday 17 September",)
    assert additions(new, [told(known, day=date(2031, 9, 17))]) == ()


def test_a_line_is_told_a_day_later_elsewhere_than_what_it_tells():
    new = told("A missile flew over Tarsk on Wednesday 17 September.")
    assert additions(new, [told("A missile flew over Tarsk.", days_before=3)]) == ()
    assert additions(new, [told("A missile flew over Tarsk.", days_before=4)]) == ("Wednesday 17 September",)


def test_a_line_that_names_the_day_of_saying_alone_may_be_of_any_day_before():
    known = told("The army said on Monday 1 September that a missile flew over Tarsk.", days_before=17)
    assert additions(told("A missile flew over Tarsk on Saturday 30 August."), [known]) == ()
    assert additions(told("A missile flew over Tarsk on Saturday 30 August."), [EARLIER]) != ()


def test_a_span_of_a_week_dates_nothing():
    known = [told("The harbour opened.", day=date(2031, 9, 1), days_before=17)]
    assert additions(told("The harbour opens within a week."), known) == ()
    assert additions(told("The harbour opens within three days."), known) == ("within three days",)


def test_of_a_line_without_a_time_nobody_knows_that_it_is_of_a_day():
    new = told("A missile flew over Tarsk on Wednesday 17 September.")
    assert additions(new, [LabelledFact(text="A missile flew over Tarsk.")]) == ("Wednesday 17 September",)
    assert additions(new, [LabelledFact(text="Tarsk was hit.", day=date(2031, 9, 17))]) == ()


def test_a_fact_without_a_time_is_read_by_the_day_it_is_about():
    new = LabelledFact(text="A missile flew over Tarsk on Wednesday.", day=date(2031, 9, 17))
    assert additions(new, [told("A missile flew over Tarsk on Wednesday 17 September.")]) == ()
    assert additions(new, [EARLIER]) == ("Wednesday",)


@pytest.mark.parametrize(
    ("day", "known", "added"),
    [
        ("from 1 to 3 September", "on Tuesday 2 September", False),
        ("on Tuesday 2 September", "from 1 to 3 September", False),
        ("from 2 to 4 September", "from 1 to 3 September", False),
        ("from 1 to 3 September", "from 3 to 5 September", False),
        ("from 1 to 3 September", "from 4 to 5 September", True),
        ("from 4 to 5 September", "from 1 to 3 September", True),
    ],
)
def test_days_of_which_one_is_the_same_are_no_addition(day, known, added):
    assert bool(additions(told(f"The port closed {day}."), [told(f"The port closed {known}.")])) is added


def test_a_month_or_a_year_tells_no_two_happenings_apart():
    assert additions(told("Holt, a minister since May 2029, resigned."), [EARLIER]) == ()


WORDS = (
    "crews ferry Osby 12 40 ten on Monday Tuesday said that police 3 % 17 September 2031 hundreds of".split()
)
LINES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join).map(told)


@given(new=LINES)
def test_no_line_adds_to_itself(new):
    assert additions(new, [new]) == ()


@given(new=LINES, known=st.lists(LINES, max_size=3))
def test_a_number_that_one_line_holds_is_no_addition_to_several(new, known):
    numbers = {word for word in new.text.split() if word in {"12", "40"}}
    held = {word for one in known for word in one.text.split()}
    assert numbers & held <= numbers - set(additions(new, known))
