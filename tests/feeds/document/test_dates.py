"""Dates: understood wholly, whoever wrote them, or called undated."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.feeds.document.dates import read_moment
from bot.language.rules import languages_with, load_rules
from tests.support.running.rows import each_row

# What is printed, the feed's language, and what it means: year, month, day, hour, minute in UTC, and the offset.
READ = [
    ("Mon, 07 Jul 2025 09:00:00 +0200", "", (7, 7, 7, 0), 120),
    ("Mon, 07 Jul 2025 09:00:00 GMT", "", (7, 7, 9, 0), 0),
    ("Mon,07 Jul 2025 09:00 EST", "", (7, 7, 14, 0), -300),
    ("Mon, 07 Jul 2025 09:00:00 +09:00", "", (7, 7, 0, 0), 540),
    ("Mon Jul 07 2025 09:00:00 GMT+0900 (JST)", "", (7, 7, 0, 0), 540),
    ("Mon Jul 07 2025 09:00:00 GMT+0200 (Mitteleuropäische Sommerzeit)", "de", (7, 7, 7, 0), 120),
    ("Mon Jul 07 2025 09:00:00 GMT-0400 (Eastern Daylight Time)", "", (7, 7, 13, 0), -240),
    ("7-Jul-2025 09:00 UTC-03:00", "", (7, 7, 12, 0), -180),
    ("Mon Jul  7 09:00:00 CEST 2025", "", (7, 7, 7, 0), 120),
    ("Mon, 07 Jul 2025 09:00:00 UTC+2", "", (7, 7, 7, 0), 120),
    ("Mon, 07 Jul 2025 09:00:00 -0700 (PDT)", "", (7, 7, 16, 0), -420),
    ("Mon, 07 Jul 2025 09:00:00 CST", "", (7, 7, 15, 0), -360),
    ("Mon, 07 Jul 2025 09:00:00 CST", "zh-CN", (7, 7, 1, 0), 480),
    ("Mon, 07 Jul 2025 02:57 PM GMT", "", (7, 7, 14, 57), 0),
    ("July 7, 2025 at 2:57 p.m. ET", "", (7, 7, 18, 57), -240),
    ("12:00 AM 7 July 2025", "", (7, 7, 0, 0), 0),
    ("Mon, 06 Jul 2025 24:00:00 GMT", "", (7, 7, 0, 0), 0),
    ("Monday, 07-Jul-25 09:00:00 GMT", "", (7, 7, 9, 0), 0),
    ("Monday, July 7th, 2025 - 09:00", "", (7, 7, 9, 0), 0),
    ("2025-07-07T09:00:00+02:00", "", (7, 7, 7, 0), 120),
    ("2025-07-07T09:00:00.1234567Z", "", (7, 7, 9, 0), 0),
    ("2025-07-07 09:00:00 UTC", "", (7, 7, 9, 0), 0),
    ("20250707T090000Z", "", (7, 7, 9, 0), 0),
    ("2025/07/07 09:00:00", "", (7, 7, 9, 0), 0),
    ("2025-7-7 9:00", "", (7, 7, 9, 0), 0),
    ("7. Juli 2025, 14:57 Uhr", "de", (7, 7, 14, 57), 0),
    ("Mo, 07 Jul 2025 09:00:00 +0200", "de", (7, 7, 7, 0), 120),
    ("So., 07. Dez. 2025 09:00:00 MEZ", "", (12, 7, 8, 0), 60),
    ("07.08.2025 14.57 Uhr", "de", (8, 7, 14, 57), 0),
    ("lun. 7 juil. 2025 14h57", "fr", (7, 7, 14, 57), 0),
    ("1er août 2025 à 9:00", "", (8, 1, 9, 0), 0),
    ("mar 4 mar 2025 10:00", "es", (3, 4, 10, 0), 0),
    ("7 de julio de 2025 a las 2:57 p. m.", "es", (7, 7, 14, 57), 0),
    ("Sáb, 05 Jul 2025 09:00:00 -0300", "pt-BR", (7, 5, 12, 0), -180),
    ("1 Luglio 2025 ore 10:00", "it", (7, 1, 10, 0), 0),
    ("pon., 7 lipca 2025 r., 14:57", "pl", (7, 7, 14, 57), 0),
    ("понеділок, 7 липня 2025 р., 14:57", "uk", (7, 7, 14, 57), 0),
    ("2025年7月7日 14時30分", "ja", (7, 7, 14, 30), 0),
    ("2025年7月7日 星期一 下午2:57", "zh", (7, 7, 14, 57), 0),
    ("٧ يوليو ٢٠٢٥ 10:00", "ar", (7, 7, 10, 0), 0),
    ("07/08/2025 09:00", "en-US", (7, 8, 9, 0), 0),
    ("07/08/2025 09:00", "en-GB", (8, 7, 9, 0), 0),
    ("07/08/2025 09:00", "fr", (8, 7, 9, 0), 0),
    ("7/8/25 9:00 AM", "en_US", (7, 8, 9, 0), 0),
    ("25/07/08 09:00", "ja", (7, 8, 9, 0), 0),
    ("13/08/2025", "", (8, 13, 0, 0), 0),
    ("08/13/2025", "en", (8, 13, 0, 0), 0),
    ("07/07/2025", "en", (7, 7, 0, 0), 0),
]  # fmt: skip


@each_row(("text", "language", "meant", "offset"), READ)
def test_a_date_is_read_as_its_writer_meant_it(text, language, meant, offset):
    month, day, hour, minute = meant
    assert read_moment(text, language=language) == (
        datetime(2025, month, day, hour, minute, tzinfo=UTC),
        offset,
    )


@each_row(
    ("text", "language"),
    [
        ("07/08/2025 09:00", ""),  # July or August: without a country nobody can tell
        ("07/08/2025 09:00", "en"),
        ("07/08/2025 09:00", "en-CA"),
        ("05/06/07", "en"),
        ("Mon, 07 Jul 2025 09:00:00 XYZ", ""),  # a zone that nobody knows
        ("Mon, 07 Jul 2025 09:00:00 (somewhere)", ""),
        ("Mon, 07 Jul 2025 09:00:00 +2500", ""),
        ("Mon, 07 Xyz 2025 09:00:00 GMT", ""),
        ("Mon, 07 Jul 09:00:00 GMT", ""),
        ("Jul 2025 09:00", ""),
        ("2025-07 09:00", ""),
        ("2025-07-07T09:00:00Z or later", ""),
        ("2025-07-07T25:00:00Z", ""),
        ("2025-02-30", ""),
        ("14:57 AM 7 July 2025", ""),
        ("Mon, 99 Jul 2025", ""),
        ("7 July 2025 of the", ""),
        ("7 July 2025 8 August 2025", ""),
        ("2025-07-07 2025-07-08", ""),
        ("yesterday at 9:00", ""),
        ("0001-01-01T00:00:00Z", ""),  # the zero of one clock
        ("Thu, 01 Jan 1970 00:00:00 GMT", ""),  # and of another,
        ("Wed, 31 Dec 1969 19:00:00 -0500", ""),  # also where its place is west of Greenwich
        ("9999-12-31T23:59:59Z", ""),
        ("", ""),
        ("2025-07-07 " + "0" * 90, ""),
    ],
)  # fmt: skip
def test_what_is_understood_in_part_is_no_date(text, language):
    assert read_moment(text, language=language) is None


def test_a_future_date_stays_as_printed():
    assert read_moment("Fri, 07 Jul 2045 09:00:00 GMT") == (datetime(2045, 7, 7, 9, 0, tzinfo=UTC), 0)


def test_a_month_has_one_number_in_all_languages():
    numbers: dict[str, set[str]] = {}
    for language in languages_with("calendar"):
        senses = load_rules(language, "calendar").words
        for sense in senses:
            if sense.startswith("month "):
                for word in senses[sense]:
                    numbers.setdefault(word, set()).add(sense)
    assert len(numbers) > 200
    assert {word: found for word, found in numbers.items() if len(found) > 1} == {}


@each_row("language", ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "uk"])
def test_every_month_of_a_language_is_read(language):
    senses = load_rules(language, "calendar").words
    for number in range(1, 13):
        for name in senses[f"month {number}"]:
            assert read_moment(f"7 {name} 2025") == (datetime(2025, number, 7, tzinfo=UTC), 0)
