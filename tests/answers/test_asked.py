"""Questions are read for what they want, which words may find it, and which time bounds it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.answers.asked import Measure, QuestionKind, read_question
from bot.model.conversation.answer import Question, Turn
from tests.support.running.rows import each_row

NOW = datetime(2025, 7, 9, 6, tzinfo=UTC)  # a Wednesday


def read(text, **more):
    return read_question(Question(text=text, asked_at=NOW, **more))


@each_row(
    ("text", "kind", "measure"),
    [
        ("Where do the Doha talks stand?", QuestionKind.STATUS, Measure.NUMBER),
        ("What has changed since Monday?", QuestionKind.CHANGED, Measure.NUMBER),
        ("Any news about the ferry strike?", QuestionKind.CHANGED, Measure.NUMBER),
        ("How many people died?", QuestionKind.FIGURE, Measure.NUMBER),
        ("How much did Velmora pay for Tessel?", QuestionKind.FIGURE, Measure.MONEY),
        ("How long did the talks last?", QuestionKind.FIGURE, Measure.TIME),
        ("How far did the missile fly?", QuestionKind.FIGURE, Measure.LENGTH),
        ("When do the talks resume?", QuestionKind.NEXT, Measure.NUMBER),
        ("When was the mayor charged?", QuestionKind.WHEN, Measure.NUMBER),
        ("Who leads the union?", QuestionKind.WHO, Measure.NUMBER),
        ("Where did the storm land?", QuestionKind.WHERE, Measure.NUMBER),
        ("Why did the nurses walk out?", QuestionKind.OTHER, Measure.NUMBER),
    ],
)
def test_the_kind_of_answer_is_told_from_the_words(text, kind, measure):
    asked = read(text)
    assert (asked.kind, asked.measure) == (kind, measure)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("What happened in Doha since Monday?", "2025-07-07", None),
        ("What happened in Doha before 3 July?", None, "2025-07-03"),
        ("What happened in Doha yesterday?", "2025-07-08", "2025-07-11"),
        ("What happened in Doha last week?", "2025-06-30", "2025-07-09"),
        ("What happened in Doha on 3 July 2025?", "2025-07-03", "2025-07-06"),
        ("What happened in Doha?", None, None),
    ],
)
def test_a_time_bounds_the_search(text, since, until):
    window = read(text).window
    assert [m and f"{m:%Y-%m-%d}" for m in (window.since, window.until)] == [since, until]


def test_days_are_those_of_the_askers_own_zone():
    asked = read_question(
        Question(
            text="What happened yesterday?",
            asked_at=datetime(2025, 7, 8, 22, 30, tzinfo=UTC),
            timezone="Europe/Berlin",
        )
    )
    assert asked.window.days == (date(2025, 7, 8), date(2025, 7, 8))


def test_as_of_a_day_is_what_was_known_then_and_no_bound_of_news():
    asked = read("How many people had died as of 7 July?")
    assert asked.known_by == datetime(2025, 7, 8, tzinfo=UTC)
    assert asked.window.since is None


def test_nothing_is_known_after_the_question():
    assert read("What is new by 20 July?", as_of=datetime(2030, 1, 1, tzinfo=UTC)).known_by == NOW


def test_an_announced_day_bounds_nothing():
    assert read("Who speaks next Monday?").window.since is None


def test_days_and_words_that_only_ask_find_nothing():
    assert read("What happened to the ferry of Selin last week?").stems == ("ferri", "selin")


def test_names_are_those_of_the_question_without_its_first_word():
    assert read("Which hospital does Judith Amsel run?").names == (("judith", "amsel"),)


def test_a_question_of_only_small_words_still_looks_for_them():
    assert read("What is the latest news?").stems != ()


def test_a_follow_up_takes_the_words_and_the_kind_of_what_it_goes_on_with():
    before = Turn(at=NOW, question="How many people died in Storm Ilsa?", answer="19")
    asked = read("And in Port Selin?", turns=(before,))
    assert asked.kind is QuestionKind.FIGURE
    assert {"storm", "ilsa"} <= set(asked.context)
    assert asked.stems == ("port", "selin")


def test_a_question_that_names_its_own_matter_takes_nothing_along():
    before = Turn(at=NOW, question="How many people died in Storm Ilsa?", answer="19")
    assert read("Who is president of the union in Calder?", turns=(before,)).context == ()


def test_a_year_behind_a_name_is_when_it_was_not_after():
    window = read("Which insect was named after him in 2019?").window
    assert window.days == (date(2019, 1, 1), date(2019, 12, 31))
