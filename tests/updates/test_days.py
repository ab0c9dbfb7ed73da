"""Days are believed only where the cited sentences or their article's date say so."""

from __future__ import annotations

from datetime import date

import pytest

from bot.model.news import Citation, DateSource
from bot.updates.days import (
    as_bounded,
    due_days,
    is_only_possible,
    newest_day,
    past_day,
    read_day,
    status_day,
)
from tests.flows.ferry import article
from tests.support.running.rows import each_row

# Published on Monday 3 March 2025.
TEXT = (
    "The crews walked out on Friday 28 February. A vote is planned for Thursday. "
    "Talks will go on until 12 March, and a report is due on 20 March. Nobody named a day."
)
ARTICLE = article("a", TEXT)
ARTICLES = {("a", 1): ARTICLE}


def at(*sentences):
    return (Citation(article_id="a", sentences=sentences),)


@pytest.mark.parametrize(
    ("said", "day"),
    [("2025-03-03", date(2025, 3, 3)), (" 2025-03-03 ", date(2025, 3, 3)), ("Monday", None), ("", None), ("2025-13-01", None)],
)  # fmt: skip
def test_only_a_written_date_is_a_day(said, day):
    assert read_day(said) == day


def test_an_articles_day_is_that_of_its_own_clock():
    late = article("b", TEXT, hours=15, utc_offset=120)
    assert late.own_day == date(2025, 3, 4)
    assert newest_day(
        (*at(1), Citation(article_id="b", sentences=(1,))), ARTICLES | {("b", 1): late}
    ) == date(2025, 3, 4)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2025-03-03", date(2025, 3, 3)),
        ("2025-02-28", date(2025, 2, 28)),
        ("2025-03-04", date(2025, 3, 3)),  # not yet
        ("2024-12-01", date(2025, 3, 3)),  # background
        ("soon", date(2025, 3, 3)),
    ],
)
def test_a_status_is_about_its_articles_day_or_shortly_before(said, day):
    assert status_day(said, at(1), ARTICLES) == day


def test_a_past_day_is_one_the_cited_sentence_names_or_its_articles():
    assert past_day("2025-02-28", at(1), ARTICLES) == date(2025, 2, 28)
    assert past_day("2025-03-03", at(1), ARTICLES) == date(2025, 3, 3)
    assert past_day("2025-02-28", at(4), ARTICLES) is None
    assert past_day("2025-02-27", at(1), ARTICLES) is None
    assert past_day("yesterday", at(1), ARTICLES) is None


def test_a_day_that_is_announced_is_the_one_the_cited_sentence_names():
    assert due_days("2025-03-06", "on Thursday", at(2), ARTICLES) == (date(2025, 3, 6), None)
    assert due_days("2025-03-09", "on Thursday", at(2), ARTICLES) == (date(2025, 3, 6), None)
    assert due_days("2025-03-06", "on Thursday", at(4), ARTICLES) == (None, None)


def test_of_several_days_the_printed_or_the_named_one_is_meant_and_never_a_guess():
    assert due_days("2025-03-20", "on 20 March", at(3), ARTICLES)[0] == date(2025, 3, 20)
    assert due_days("2025-03-20", "", at(3), ARTICLES)[0] == date(2025, 3, 20)
    assert due_days("", "", at(3), ARTICLES) == (None, None)


def test_the_same_day_in_two_sentences_is_one():
    twice = article("a", "A vote is planned for Thursday. The party will vote on Thursday in Brekk.")
    assert due_days("2025-03-05", "on Thursday", at(1, 2), {("a", 1): twice})[0] == date(2025, 3, 6)
    two = article("a", "A vote is planned for 6 March. The party will vote on 7 March in Brekk.")
    assert due_days("2025-03-05", "6 March or 7 March", at(1, 2), {("a", 1): two}) == (None, None)


def test_what_lies_before_the_article_is_announced_for_no_day():
    assert due_days("2025-02-28", "on Friday 28 February", at(1), ARTICLES) == (None, None)


def test_an_undated_article_resolves_no_weekday():
    undated = article("a", TEXT, date_source=DateSource.FETCHED)
    assert due_days("2025-03-06", "on Thursday", at(2), {("a", 1): undated}) == (None, None)


def test_an_announcement_for_no_day_does_not_get_that_of_something_else_in_its_sentence():
    said = due_days("2025-03-12", "eventually", at(3), ARTICLES)
    assert said == (None, None)
    assert due_days("", "until 12 March", at(3), ARTICLES) == (date(2025, 3, 12), None)


def test_a_year_that_bounds_a_day_named_in_other_words_is_no_day():
    named = article(
        "a",
        "The troops leave by the 20th anniversary of the attacks this year. A report is due later this year.",
    )
    said = "by the 20th anniversary of the attacks this year"
    assert due_days("2025-09-11", said, at(1), {("a", 1): named}) == (None, None)
    assert due_days("", "later this year", at(2), {("a", 1): named})[1] == date(2025, 12, 31)
    parade = article("a", "This year's parade begins at 10 a.m.")
    assert due_days("2025-05-26", "", at(1), {("a", 1): parade}) == (None, None)


@each_row(
    ("text", "when", "bounded", "days"),
    [
        (
            "The first two ships arrive by the end of March or early April.",
            "by the end of March",
            "by the end of March or early April",
            (date(2025, 3, 31), date(2025, 4, 10)),
        ),
        (
            "She will testify on or around March 8.",
            "March 8",
            "on or around March 8",
            (date(2025, 3, 8), None),
        ),
        (
            "The vote could come as soon as Thursday.",
            "Thursday",
            "as soon as Thursday",
            (date(2025, 3, 6), None),
        ),
        (
            "A vote is planned for Thursday or Friday.",
            "Thursday",
            "Thursday or Friday",
            (date(2025, 3, 6), date(2025, 3, 7)),
        ),
        ("A vote is planned for Thursday or not at all.", "Thursday", "Thursday", (date(2025, 3, 6), None)),
        ("The talks on Thursday are about March.", "on Thursday", "on Thursday", (date(2025, 3, 6), None)),
    ],
)
def test_what_leaves_an_announced_day_open_is_kept(text, when, bounded, days):
    articles = {("a", 1): article("a", text)}
    assert as_bounded(when, at(1), articles) == bounded
    assert due_days("2025-03-06", bounded, at(1), articles) == days


def test_a_day_that_is_only_possible_is_told_as_such():
    articles = {("a", 1): article("a", "The repair will take days, extending possibly to Thursday.")}
    assert is_only_possible(as_bounded("Thursday", at(1), articles))
    assert not is_only_possible("on Thursday")


def test_a_weekday_on_which_something_was_said_lies_not_ahead():
    text = "The port had on Sunday said that it can wait. It waits for two more days before it closes."
    said = {("s", 1): article("s", text)}
    cited = (Citation(article_id="s", sentences=(1, 2)),)
    assert due_days("2025-03-05", "", cited, said) == (None, None)


def test_days_in_another_language_are_believed_where_its_calendar_has_them():
    text = "Le vote est prévu jeudi. Le port a fermé vendredi 28 février."
    french = {("f", 1): article("f", text, language="fr")}
    ahead, past = ((Citation(article_id="f", sentences=(n,)),) for n in (1, 2))
    assert due_days("2025-03-06", "jeudi", ahead, french) == (date(2025, 3, 6), None)
    assert due_days("2025-03-07", "jeudi", ahead, french) == (date(2025, 3, 6), None)
    assert past_day("2025-02-28", past, french) == date(2025, 2, 28)
    assert past_day("2025-02-27", past, french) is None
