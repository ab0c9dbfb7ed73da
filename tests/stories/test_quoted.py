"""What a story's articles say that matters most, in few lines, where no model read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.language.words import content_terms
from bot.model.story import CourseFact
from bot.stories.quoted import MAX_QUOTES_CHARS, MAX_QUOTES_LINE_CHARS, Quote, quoted_days, seen_since
from tests.support.passages import NOW, article

AGROUND = "The ferry Orla ran aground near Brekk with 90 people aboard."
SEARCHED = "Divers searched the hull for a leak."
FREED = "A tug pulled the ferry off the rocks."
PAID = "The company offered each passenger 400 crowns."
CHARGED = "The captain of the ferry was charged with negligence."


def quote(text, *, day, weight=0.5):
    at = NOW + timedelta(days=day)
    fact = CourseFact(text=text, as_of=at, citation=article(text, title=text).cite(1))
    return Quote(fact=fact, day=at.date(), weight=weight, terms=frozenset(content_terms(text)))


COURSE = (
    quote(AGROUND, day=0),
    quote(SEARCHED, day=1, weight=0.2),
    quote(FREED, day=2),
    quote(PAID, day=2),
    quote(CHARGED, day=3),
)


def told(*quotes, most_days=3, **more):
    return [[fact.text for fact in line] for line in quoted_days(quotes, most_days=most_days, **more)]


def test_the_last_day_and_those_that_say_most_have_a_line_and_others_stand_beside_the_next():
    assert told(*COURSE) == [[AGROUND], [SEARCHED, FREED, PAID], [CHARGED]]
    assert told(*COURSE, most_days=1) == [[AGROUND, SEARCHED, FREED, PAID, CHARGED]]


def test_what_is_said_already_is_not_quoted():
    assert told(COURSE[-1], said="The captain of the ferry was charged with negligence") == []


def test_nothing_is_quoted_twice():
    assert told(quote(FREED, day=0), quote("The ferry was pulled off the rocks by a tug.", day=0)) == [
        [FREED]
    ]


def test_where_there_is_little_room_it_is_told_where_the_story_stands():
    better = quote("Ninety passengers slept in a school in Lund.", day=0, weight=0.9)
    assert told(better, COURSE[-1], most_chars=60) == [[CHARGED]]


def test_without_quotes_there_is_nothing_to_tell():
    assert told() == []


def test_no_line_and_no_story_grows_without_bound():
    many = [
        quote(f"Sentence{n} tells word{n} thing{n} of day{d}.", day=d) for d in range(6) for n in range(80)
    ]
    lines = [" ".join(line) for line in told(*many)]
    assert all(len(line) <= MAX_QUOTES_LINE_CHARS + 40 for line in lines)
    assert sum(map(len, lines)) <= MAX_QUOTES_CHARS + 120
    assert sum(len(text) for line in told(*many, most_chars=200) for text in line) <= 200


DAYS = (
    article(AGROUND, title="Ferry aground", days=4),
    article(CHARGED, title="Captain charged", days=1),
)


def test_only_articles_that_came_since_are_told_each_as_it_stood():
    old, new = DAYS[0], replace(DAYS[1], revision=1)
    edited = replace(new, revision=2, fetched_at=NOW, title="Later")
    since = NOW - timedelta(days=2)
    assert seen_since([old, new, edited], since=since, at=NOW - timedelta(hours=1)) == [new]
    assert seen_since([old, new, edited], since=since, at=NOW) == [edited]
