"""The year of a date is told where it is another one."""

from datetime import date

import pytest

from bot.language.dates.current_year import without_current_year

TODAY = date(2031, 7, 10)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Talks ended on Tuesday 8 July 2031 in Norvik.", "Talks ended on Tuesday 8 July in Norvik."),
        ("On Tuesday, July 8, 2031, talks ended.", "On Tuesday, July 8, talks ended."),
        ("Die Gespräche endeten am Dienstag, 8. Juli 2031.", "Die Gespräche endeten am Dienstag, 8. Juli."),
        (
            "Les pourparlers ont pris fin mardi 8 juillet 2031.",
            "Les pourparlers ont pris fin mardi 8 juillet.",
        ),
    ],
)
def test_the_year_of_the_reader_is_left_out(text: str, told: str) -> None:
    assert without_current_year(text, today=TODAY) == told


@pytest.mark.parametrize(
    "text",
    [
        "Talks ended on Tuesday 8 July 2030 in Norvik.",
        "Between Monday 8 July 2030 and Tuesday 8 July 2031 nothing happened.",
        "The law of 8 July 2031 applies.",
        "The plan is called Norvik 2031.",
    ],
)
def test_other_years_and_names_keep_them(text: str) -> None:
    assert without_current_year(text, today=TODAY) == text
