"""Days in the languages of the news: by the names of their calendars, with or without rules of the language."""

from __future__ import annotations

from datetime import date

import pytest

from bot.language.dates.calendars import find_calendar_days
from bot.language.dates.resolve import with_dates
from bot.language.question_language import line_language

TODAY = date(2031, 7, 10)  # a Thursday


def told(text: str, *written: date, today: date = TODAY) -> str:
    return with_dates(text, written=written or [TODAY], today=today, language=line_language(text) or "en")


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


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        (
            "Las conversaciones siguen hoy en Norvik.",
            "Las conversaciones siguen hoy (10 de julio) en Norvik.",
        ),
        (
            "La huelga empieza este jueves en los puertos.",
            "La huelga empieza este jueves (10 de julio) en los puertos.",
        ),
        (
            "Hoy jueves la huelga sigue en los puertos.",
            "Hoy jueves (10 de julio) la huelga sigue en los puertos.",
        ),
        (
            "Le port et la ville ont fermé mercredi soir.",
            "Le port et la ville ont fermé mercredi soir (9 juillet).",
        ),
        ("Der Hafen und die Stadt schließen morgen.", "Der Hafen und die Stadt schließen morgen (11. Juli)."),
        ("Il porto e la città riaprono domani.", "Il porto e la città riaprono domani (11 luglio)."),
    ],
)
def test_the_days_around_the_one_of_the_report_get_their_dates(text: str, dated: str) -> None:
    assert told(text) == dated
    assert told(dated) == dated


@pytest.mark.parametrize(
    "text",
    [
        "Le port et la ville ont fermé lundi pour la grève.",  # may lie behind or ahead
        "Le port et la ville fermeront jeudi prochain pour la grève.",
        "Le port a fermé le mercredi 9 juillet pour la grève.",
        "Le maire a dit : « Le port et la ville ferment aujourd'hui ».",
        "El puerto y la ciudad abrieron por la mañana.",
        "Norvik hoy",  # nothing tells its language
        "Das Gericht und der Hafen entscheiden am Mittwoch.",  # yesterday, or in six days
        "El puerto y la ciudad abren pasado mañana.",
        "Der Hafen und die Stadt öffneten am frühen Morgen.",
    ],
)
def test_no_other_day_gets_a_date(text: str) -> None:
    assert told(text) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("tr", "PAZARTESİ ve SALI, 12 KASIM"),
        ("tr", "sali, 3 kasım"),
        ("tr", "Salı, 3 KASIM 2031"),
        ("az", "BAZAR ERTƏSİ"),
    ],
)
def test_letters_that_a_language_folds_otherwise_break_nothing(language: str, text: str) -> None:
    assert isinstance(days(text, language), list)


def test_a_date_that_the_sources_do_not_agree_on_is_not_added_and_another_year_is_named() -> None:
    text = "Le port et la ville ferment aujourd'hui."
    assert told(text, TODAY, date(2031, 7, 9)) == text
    assert told(text, today=date(2032, 1, 1)) == "Le port et la ville ferment aujourd'hui (10 juillet 2031)."
