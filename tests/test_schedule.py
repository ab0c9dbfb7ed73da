"""Timetables: what people write is understood, and every wall time is due exactly once, in every zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InputError
from bot.schedule import Timetable, instant, is_zone, read_timetable, slots
from tests.support.running.rows import each_row
from tests.support.sizes import sized

START = datetime(2025, 1, 1, tzinfo=UTC)


@each_row(
    ("text", "lines", "zone"),
    [
        ("weekdays 07:30 Europe/Berlin", ("30 7 * * 1-5",), "Europe/Berlin"),
        ("daily at 7.05 and 17:00 UTC", ("5 7 * * *", "0 17 * * *"), "UTC"),
        ("Mon, Thu 9:00 America/Argentina/Buenos_Aires", ("0 9 * * 1,4",), "America/Argentina/Buenos_Aires"),
        ("Sundays 23:59 Etc/GMT+3", ("59 23 * * 0",), "Etc/GMT+3"),
        ("weekends 10:00 Asia/Kathmandu", ("0 10 * * 0,6",), "Asia/Kathmandu"),
        ("08:00 Europe/Paris", ("0 8 * * *",), "Europe/Paris"),
        ("every day 7:30 UTC", ("30 7 * * *",), "UTC"),
        ("Fri, mo & Fri 7:30 GMT", ("30 7 * * 1,5",), "GMT"),
        ("Tues and Weds at 7:30 UTC", ("30 7 * * 2,3",), "UTC"),
        ("werktags um 07:30 Uhr Europe/Berlin", ("30 7 * * 1-5",), "Europe/Berlin"),
        ("täglich 8:00 und 17:00 UTC", ("0 8 * * *", "0 17 * * *"), "UTC"),
        ("Mo, Do 9:00 UTC", ("0 9 * * 1,4",), "UTC"),
        ("tous les jours à 7h30 Europe/Paris", ("30 7 * * *",), "Europe/Paris"),
        ("mardi et jeudi 9:00 UTC", ("0 9 * * 2,4",), "UTC"),
        ("le week-end à 10:00 UTC", ("0 10 * * 0,6",), "UTC"),
        ("de lunes a viernes a las 8:00 Europe/Madrid", ("0 8 * * 1-5",), "Europe/Madrid"),
        ("miércoles y sábados 9:00 UTC", ("0 9 * * 3,6",), "UTC"),
        ("*/15 6-8 * * MON-FRI Europe/London", ("*/15 6-8 * * MON-FRI",), "Europe/London"),
    ],
)
def test_plain_words_and_cron_are_understood(text, lines, zone):
    assert read_timetable(text) == Timetable(lines=lines, zone=zone)


DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


@pytest.mark.parametrize("number", range(7))
def test_every_day_is_known_alone_and_as_a_habit(number):
    for day in (DAYS[number], f"{DAYS[number]}s", DAYS[number][:2].title()):
        assert read_timetable(f"{day} 07:30 UTC").lines == (f"30 7 * * {number}",)


def test_a_zone_is_known_by_its_name_as_it_is_written():
    assert is_zone("Europe/Berlin") is True
    assert is_zone("UTC") is True
    for name in ("", "europe/berlin", "Mars/Base", "../zone", " UTC"):
        assert is_zone(name) is False


def test_the_zone_can_stand_beside_the_time_and_the_one_in_it_counts():
    assert read_timetable("07:30", zone="Asia/Tokyo").zone == "Asia/Tokyo"
    assert read_timetable("07:30 Europe/Berlin", zone="Asia/Tokyo").zone == "Europe/Berlin"


def test_a_timetable_has_300_characters_at_most():
    assert read_timetable("07:30 UTC".ljust(300)).lines == ("30 7 * * *",)
    with pytest.raises(InputError, match="too long for a time"):
        read_timetable("07:30 UTC".ljust(301))


def test_a_day_has_24_times_at_most():
    times = " ".join(f"{hour}:30" for hour in range(24))
    assert len(read_timetable(f"{times} UTC").lines) == 24
    with pytest.raises(InputError, match="names no time of day"):
        read_timetable(f"{times} 7:45 UTC")


@each_row(
    ("text", "reason"),
    [
        ("weekdays 07:30", "no zone"),
        ("weekdays 07:30 Mars/Base", "no time zone 'Mars/Base'"),
        ("weekdays Europe/Berlin", "no time of day"),
        ("someday 07:30 UTC", "no day that is known: 'someday'"),
        ("t 07:30 UTC", "no day that is known: 't'"),
        ("25:30 UTC", "'25:30' is not a time of day"),
        ("daily 7:5 UTC", "'7:5' is not a time of day"),
        ("07:30 and 24:00 UTC", "'24:00' is not a time of day"),
        ("daily 7:30pm UTC", "'7:30pm' is not a time of a 24-hour day"),
        ("weekdays 7 p.m. UTC", r"'7 p\.m\.' is not a time of a 24-hour day"),
        ("07:300 UTC", "'07:300' is not a time of day"),
        ("0 0 30 2 * UTC", "is never due: no such day is in the months it names"),
        ("0 0 31 4,6 * UTC", "is never due"),
        ("0 0 32 1 * UTC", "is not a time: its day of month is out of range"),
        ("99 7 * * * UTC", "is not a time: its minute is out of range"),
        ("m 07:30 UTC", "no day that is known: 'm'"),
        ("daily 07:30 Berlin UTC", "no day that is known: 'berlin'"),
        ("weekdays 07:30 Paris time UTC", "no day that is known: 'paris'"),
        ("daily mon 07:30 UTC", "no day that is known: 'daily mon'"),
        ("30 7 mondays UTC", "names no time of day"),
        ("mon tue wed thu fri UTC", "names no time of day"),
        ("0 0 * 2 FRI#5 UTC", "is never due"),
        ("", "no time of day|no zone"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(text, reason):
    with pytest.raises(InputError, match=reason):
        read_timetable(text)


def test_the_29th_of_february_is_due_some_day():
    timetable = read_timetable("0 6 29 2 * UTC")
    assert next(slots(timetable, after=START)).due == datetime(2028, 2, 29, 6, tzinfo=UTC)


def test_a_day_that_comes_every_eight_years_is_due_then():
    timetable = read_timetable("0 6 * 2 SUN#5 UTC")
    assert next(slots(timetable, after=START)).due == datetime(2032, 2, 29, 6, tzinfo=UTC)


def test_a_time_that_two_lines_name_is_due_once():
    twice = Timetable(lines=("30 7 * * *", "30 7 * * 3"), zone="UTC")
    assert [slot.due.day for slot in islice(slots(twice, after=START), 3)] == [1, 2, 3]


def test_every_minute_of_a_gap_is_due_at_its_end():
    for minute in range(60):
        skipped = instant(datetime.fromisoformat(f"2025-03-30T02:{minute:02}"), ZoneInfo("Europe/Berlin"))
        assert skipped == datetime(2025, 3, 30, 1, tzinfo=UTC), minute


@given(st.text(max_size=60))
def test_any_words_are_a_timetable_or_refused(text):
    try:
        timetable = read_timetable(text, zone="UTC")
    except InputError as error:
        assert error.hint
    else:
        assert next(slots(timetable, after=START))


def test_a_skipped_wall_time_is_due_at_the_first_instant_after_the_gap():
    timetable = read_timetable("02:30 Europe/Berlin")
    (slot,) = [s for s in islice(slots(timetable, after=START), 365) if s.key == "2025-03-30T02:30"]
    assert slot.due == datetime(2025, 3, 30, 1, 0, tzinfo=UTC)


def test_a_wall_time_that_comes_twice_is_due_the_first_time():
    timetable = read_timetable("02:30 Europe/Berlin")
    (slot,) = [s for s in islice(slots(timetable, after=START), 365) if s.key == "2025-10-26T02:30"]
    assert slot.due == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)


def test_a_day_that_a_zone_skipped_is_due_when_the_next_begins():
    skipped = instant(datetime.fromisoformat("2011-12-30T07:30"), ZoneInfo("Pacific/Apia"))
    assert skipped == datetime(2011, 12, 30, 10, 0, tzinfo=UTC)


def test_what_was_due_at_the_moment_asked_from_is_not_due_again():
    timetable = read_timetable("07:30 Europe/Berlin")
    first, second = islice(slots(timetable, after=START), 2)
    assert next(slots(timetable, after=first.due)) == second
    assert next(slots(timetable, after=first.due - timedelta(seconds=1))) == first


EARLY = tuple(f"{m} {h} * * *" for h in range(4) for m in (0, 30))


def changes(zone, days=730):
    """Return the days of two years on which the clocks of ``zone`` changed."""
    moments = [START + timedelta(days=i) for i in range(days)]
    offsets = [moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in moments]
    return [day for day, (one, other) in zip(moments[1:], pairwise(offsets), strict=True) if one != other]


@pytest.mark.slow
def test_every_early_wall_time_around_every_change_of_clocks_comes_once_in_every_zone():
    for zone in sorted(available_timezones())[:: sized(7, 1)]:
        for day in (START, *changes(zone)):
            begin, end = day - timedelta(days=2), day + timedelta(days=2)
            timetable = Timetable(lines=EARLY, zone=zone)
            found = list(takewhile(lambda s: s.due < end, slots(timetable, after=begin)))  # noqa: B023
            walls = [slot.wall for slot in found]
            assert len(set(walls)) == len(walls), (zone, day)
            assert all(a.due <= b.due and a.wall < b.wall for a, b in pairwise(found)), (zone, day)
            whole = {w.date() for w in walls} - {walls[0].date(), walls[-1].date()}
            assert len(whole) >= 2, (zone, day)
            assert all(sum(w.date() == d for w in walls) == len(EARLY) for d in whole), (zone, day)
            assert all(is_first_instant(slot, ZoneInfo(zone)) for slot in found), (zone, day)


def is_first_instant(slot, zone):
    """Tell whether clocks show ``slot``'s wall time, or more where it is skipped, when it is due, and never before."""
    before = (timedelta(seconds=1), *(timedelta(minutes=m) for m in (20, 30, 45, 60, 90, 120, 180)))
    return shown(slot.due, zone) >= slot.wall and all(shown(slot.due - b, zone) < slot.wall for b in before)


def shown(moment, zone):
    return moment.astimezone(zone).replace(tzinfo=None)
