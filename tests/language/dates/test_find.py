import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.dates.expressions import DAY_RULES
from bot.language.dates.find import find_dates
from bot.language.dates.rules import WEEKDAYS
from bot.language.rules import load_rules
from bot.literals.prefilter import required_texts
from tests.support.running.rows import each_row
from tests.support.sizes import sized

WEDNESDAY = datetime(2031, 3, 12, 9, 30, tzinfo=UTC)


def days(
    text: str, *, direction: str = "auto", published: datetime = WEDNESDAY, utc_offset: int = 0
) -> list[tuple[str, str, str]]:
    spans = find_dates(text, published=published, utc_offset=utc_offset, direction=direction)  # type: ignore[arg-type]
    return [(s.text, s.first.isoformat(), s.last.isoformat()) for s in spans]


@each_row(
    ("text", "first", "last"),
    [
        ("7 July 2031", "2031-07-07", "2031-07-07"),
        ("July 7, 2031", "2031-07-07", "2031-07-07"),
        ("Jul. 7th", "2031-07-07", "2031-07-07"),
        ("2031-07-07", "2031-07-07", "2031-07-07"),
        ("Friday, 14 March", "2031-03-14", "2031-03-14"),
        ("from 20 to 22 March", "2031-03-20", "2031-03-22"),
        ("today", "2031-03-12", "2031-03-12"),
        ("tonight", "2031-03-12", "2031-03-12"),
        ("yesterday", "2031-03-11", "2031-03-11"),
        ("the day after tomorrow", "2031-03-14", "2031-03-14"),
        ("last Friday", "2031-03-07", "2031-03-07"),
        ("next Monday", "2031-03-17", "2031-03-17"),
        ("this week", "2031-03-10", "2031-03-16"),
        ("later this week", "2031-03-13", "2031-03-16"),
        ("next week", "2031-03-17", "2031-03-23"),
        ("in two weeks", "2031-03-26", "2031-03-26"),
        ("in the coming days", "2031-03-12", "2031-03-19"),
        ("over the next few days", "2031-03-12", "2031-03-19"),
        ("two weeks from now", "2031-03-26", "2031-03-26"),
        ("in a fortnight", "2031-03-26", "2031-03-26"),
        ("in a week's time", "2031-03-19", "2031-03-19"),
        ("this coming weekend", "2031-03-15", "2031-03-16"),
        ("this weekend", "2031-03-15", "2031-03-16"),
        ("by the end of the month", "2031-03-31", "2031-03-31"),
        ("next month", "2031-04-01", "2031-04-30"),
        ("by the end of October", "2031-10-31", "2031-10-31"),
        ("three days ago", "2031-03-09", "2031-03-09"),
        ("in 2033", "2033-01-01", "2033-12-31"),
    ],
)
def test_a_named_day_is_resolved_in_the_articles_calendar(text: str, first: str, last: str) -> None:
    assert [span[1:] for span in days(text)] == [(first, last)]


@each_row(
    ("text", "first"),
    [
        ("The delegations met on Monday in Oslo.", "2031-03-10"),
        ("The delegations will meet on Monday in Oslo.", "2031-03-17"),
        ("They were due to resume the session on Wednesday.", "2031-03-12"),
        ("Talks resume Thursday.", "2031-03-13"),
        ("The bridge reopened on Thursday.", "2031-03-06"),
        ("A vote is scheduled for Tuesday.", "2031-03-18"),
        ("The harbour was closed in October.", "2030-10-01"),
        ("The harbour will close in October.", "2031-10-01"),
    ],
)
def test_a_bare_day_follows_the_tense_of_its_sentence(text: str, first: str) -> None:
    assert [span[1] for span in days(text)] == [first]


def test_a_day_without_a_year_is_the_nearest_one() -> None:
    published = datetime(2031, 1, 4, tzinfo=UTC)
    assert days("on 28 December", published=published)[0][1] == "2030-12-28"
    assert days("on 12 January", published=published)[0][1] == "2031-01-12"


def test_today_is_the_articles_own_day_and_not_the_day_in_utc() -> None:
    late = datetime(2031, 3, 12, 23, 30, tzinfo=UTC)
    assert days("today", published=late, utc_offset=120)[0][1] == "2031-03-13"
    assert days("today", published=late, utc_offset=-300)[0][1] == "2031-03-12"


@pytest.mark.parametrize(
    "text",
    [
        "31 June",
        "Black Friday sales",
        "the Sunday Times",
        "the army may march 3 miles",
        "March 3.5",
        "he did it twice in one day",
        "built in two weeks, it had rained",
    ],
)
def test_what_is_no_day_is_left_out(text: str) -> None:
    assert days(text, direction="past") == []


moments = st.integers(min_value=631_152_000, max_value=3_786_912_000).map(
    lambda s: datetime.fromtimestamp(s, tz=UTC)
)


@given(published=moments, weekday=st.sampled_from(WEEKDAYS), offset=st.integers(-720, 840))
def test_a_weekday_lies_within_a_week_on_the_side_it_was_asked_for(
    published: datetime, weekday: str, offset: int
) -> None:
    today = (published + timedelta(minutes=offset)).date()
    past = find_dates(weekday, published=published, utc_offset=offset, direction="past")[0].first
    future = find_dates(weekday, published=published, utc_offset=offset, direction="future")[0].first
    assert today - timedelta(days=6) <= past <= today <= future <= today + timedelta(days=6)
    assert WEEKDAYS[past.weekday()] == WEEKDAYS[future.weekday()] == weekday


@given(day=st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)), published=moments)
def test_a_full_date_is_read_back_as_it_was_written(day: date, published: datetime) -> None:
    for text in (day.isoformat(), f"{day.day} {day:%B} {day.year}", f"{day:%B} {day.day}, {day.year}"):
        assert [(s.first, s.last) for s in find_dates(text, published=published)] == [(day, day)]


@given(text=st.text(max_size=300), published=moments)
def test_any_text_gives_ordered_spans_of_its_own_characters(text: str, published: datetime) -> None:
    spans = find_dates(text, published=published)
    assert all(text[s.start : s.end] == s.text and s.first <= s.last for s in spans)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


@pytest.mark.parametrize(
    "text",
    [
        "The licence was obtained by USA TODAY.",
        "Lund told the Sunday Times so.",
        "Shops are open on Black Friday.",
        "He spoke on the Today show.",
    ],
)
def test_a_day_that_is_part_of_a_name_is_none(text: str) -> None:
    assert find_dates(text, published=datetime(2031, 3, 10, 12, tzinfo=UTC)) == ()


def test_a_text_in_capitals_names_its_days() -> None:
    (span,) = find_dates("TALKS RESUME TODAY", published=datetime(2031, 3, 10, 12, tzinfo=UTC))
    assert span.first == date(2031, 3, 10)


NEEDED = load_rules("en", "dates").words["needed"]


def is_proven(pattern) -> bool:
    """Tell whether every text of which a match of ``pattern`` holds one holds one of what every rule needs."""
    texts = required_texts(pattern)
    return bool(texts) and all(any(needed in text for needed in NEEDED) for text in texts)


UNPROVEN = [pattern for pattern, _ in DAY_RULES if not is_proven(pattern)]


@pytest.mark.slow
@pytest.mark.parametrize("pattern", UNPROVEN, ids=lambda p: p.pattern[:40])
@settings(max_examples=sized(8, 2000))
@given(st.data())
def test_what_a_rule_finds_holds_one_of_what_every_rule_needs(pattern, data) -> None:
    found = data.draw(st.from_regex(pattern)).lower()
    assert any(needed in found for needed in NEEDED)


def test_of_most_rules_it_is_proven_that_they_need_it() -> None:
    assert 0 < len(UNPROVEN) < len(DAY_RULES) / 2


@each_row(
    "day",
    "today tonight tomorrow yesterday overnight this-morning this-afternoon this-evening last-night this-weekend".split(),
)
def test_a_day_near_by_is_found(day) -> None:
    (span,) = find_dates(
        f"Talks resume {day.replace('-', ' ')}.", published=datetime(2031, 3, 10, 12, tzinfo=UTC)
    )
    assert span.text == day.replace("-", " ")


@each_row(
    ("text", "first", "last"),
    [
        ("at the end of May", "2031-05-31", "2031-05-31"),
        ("by the end of May", "2031-05-31", "2031-05-31"),
        ("end of May", "2031-05-31", "2031-05-31"),
        ("until the end of March", "2031-03-31", "2031-03-31"),
    ],
)
def test_the_end_of_a_month_is_its_last_day(text, first, last):
    assert days(f"It will close {text}.", direction="future") == [(text, first, last)]


@each_row(
    ("text",),
    [("an album by June Carter",), ("a song for April Ryan",), ("the plays of August Wilson",), ("Friday the 13th",), ("by Sheffield Wednesday",)],
)  # fmt: skip
def test_a_month_or_day_that_names_somebody_is_no_date(text):
    assert days(f"It was {text}.") == []
