"""What a story's articles say that matters most, a line a day, where no model read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.stories.quoted import MAX_CHARS, MAX_DAY_CHARS, quoted_days, seen_since
from tests.answers.made import NOW, article

UTC = ZoneInfo("UTC")
DAYS = (
    article("The ferry Orla ran aground near Brekk with 90 people aboard.", title="Ferry aground", days=4),
    article("Divers searched the hull of the ferry for a leak.", title="Divers", days=3),
    article(
        "A tug pulled the ferry Orla off the rocks. Its 90 passengers were taken to a school in Lund. "
        "The company offered each of them 400 crowns.",
        title="Ferry freed",
        days=2,
    ),
    article("The captain of the ferry Orla was charged with negligence.", title="Captain charged", days=1),
)


def told(*articles, said="", most_days=3, **more):
    days = quoted_days(articles, said=said, zone=UTC, most_days=most_days, **more)
    return [" ".join(fact.text for fact in day) for day in days]


def test_the_first_day_the_last_and_the_one_between_that_adds_most_are_told():
    first, middle, last = told(*DAYS)
    assert (first, last) == (DAYS[0].sentences[0].text, DAYS[3].sentences[0].text)
    assert "400 crowns" in middle


def test_each_sentence_stands_where_it_is_printed():
    (day,) = quoted_days(DAYS[:1], zone=UTC, most_days=1)
    assert [fact.citation for fact in day] == [DAYS[0].cite(1)]


def test_what_is_said_already_is_not_quoted():
    assert told(DAYS[3], said="The captain of the ferry Orla was charged with negligence") == []


def test_captions_calls_and_what_points_back_are_not_quoted():
    made = article(
        "Read more about ferries here. He said it was dark. You should see it. A tug pulled the ferry Orla off the rocks.",
        title="Ferry",
    )
    assert told(made) == ["A tug pulled the ferry Orla off the rocks."]


def test_no_line_and_no_story_grows_without_bound():
    long = [
        article(
            " ".join(f"Sentence{n} tells word{n} thing{n} of day{d}." for n in range(80)),
            title=f"T{d}",
            days=d,
        )
        for d in range(6)
    ]
    lines = told(*long)
    assert all(len(line) <= MAX_DAY_CHARS + 40 for line in lines)
    assert sum(map(len, lines)) <= MAX_CHARS + 120
    assert sum(map(len, told(*long, most_chars=200))) <= 240


def test_only_articles_that_came_since_are_told_each_as_it_stood():
    old, new = DAYS[0], replace(DAYS[3], revision=1)
    edited = replace(new, revision=2, fetched_at=NOW, title="Later")
    since = NOW - timedelta(days=2)
    assert seen_since([old, new, edited], since=since, at=NOW - timedelta(hours=1)) == [new]
    assert seen_since([old, new, edited], since=since, at=NOW) == [edited]
