"""Days in the languages of the news: by the names of their calendars, with or without rules of the language."""

from __future__ import annotations

from datetime import date

import pytest

from bot.language.dates.calendars import find_calendar_days

TODAY = date(2031, 7, 10)  # a Thursday


def days(text: str, language: str, *, ahead: bool = False) -> list[tuple[str, date]]:
    return [
        (span.text, span.first)
        for span in find_calendar_days(text, language=language, today=TODAY, ahead=ahead)
    ]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("fr", "Dans la nuit de mardi à mercredi 9 juillet", [("mardi", 8), ("mercredi 9 juillet", 9)]),
        ("fr", "Le 1er juillet 2031, à Norvik", [("1er juillet 2031", 1)]),
        (
            "es",
            "El jueves, 3 de julio de 2031, y el viernes",
            [("jueves, 3 de julio de 2031", 3), ("viernes", 4)],
        ),
        ("it", "Domenica 6 luglio", [("Domenica 6 luglio", 6)]),
        (
            "de",
            "Am Montag, den 7. Juli, und am Dienstagabend",
            [("Montag, den 7. Juli", 7), ("Dienstagabend", 8)],
        ),
        ("pl", "9 lipca w Norviku", [("9 lipca", 9)]),
        ("sv", "Tisdag 8 juli", [("Tisdag 8 juli", 8)]),
    ],
)
def test_days_are_found_with_their_weekday_and_year(
    language: str, text: str, found: list[tuple[str, int]]
) -> None:
    assert days(text, language) == [(printed, date(2031, 7, day)) for printed, day in found]


def test_a_weekday_and_a_date_without_a_year_lie_where_they_are_asked_for() -> None:
    assert days("vendredi", "fr", ahead=True) == [("vendredi", date(2031, 7, 11))]
    assert days("vendredi", "fr") == [("vendredi", date(2031, 7, 4))]
    assert days("jeudi", "fr") == [("jeudi", TODAY)]
    assert days("le 9 juillet", "fr", ahead=True) == [("9 juillet", date(2032, 7, 9))]
    assert days("le 11 juillet", "fr") == [("11 juillet", date(2030, 7, 11))]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "On Tuesday 8 July"),
        ("xx", "mardi 8 juillet"),
        ("", "mardi 8 juillet"),
        ("../fr", "mardi 8 juillet"),
        ("fr", "Le 31 juin n'existe pas, ni 99 juillet, et 8 julliet est une faute"),
        ("fr", "La planète Mars et le mois de mars"),
    ],
)
def test_nothing_is_found_where_no_day_is_named_or_no_calendar_known(language: str, text: str) -> None:
    assert days(text, language) == []
