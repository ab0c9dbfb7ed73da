"""Which sentences of a story's articles may be quoted, and how much each of them counts."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.flows.requests.quotes import MAX_QUOTED_ARTICLES, quotes_of
from tests.support.passages import NOW, article

UTC = ZoneInfo("UTC")
AGROUND = "The ferry Orla ran aground near Brekk with 90 people aboard."
FREED = "A tug pulled the ferry Orla off the rocks near Brekk on Tuesday."


def texts(*articles):
    return [one.fact.text for one in quotes_of(articles, zone=UTC)]


def weights(*articles):
    return {one.fact.text: one.weight for one in quotes_of(articles, zone=UTC)}


def test_captions_calls_and_what_points_back_are_not_quoted():
    made = article(
        f"Read more about ferries here. He said it was dark. You should see it. {FREED}", title="Ferry"
    )
    assert texts(made) == [FREED]


def test_background_is_not_quoted():
    old = "Ten years ago the ferry Orla collided with a pier in Lund."
    assert texts(article(f"{FREED} {old}", title="Ferry freed")) == [FREED]


def test_each_sentence_stands_where_it_is_printed_on_its_day():
    made = article(f"{AGROUND} {FREED}", title="Ferry aground", days=4)
    found = quotes_of([made], zone=UTC)
    assert [one.fact.citation for one in found] == [made.cite(1), made.cite(2)]
    assert {one.day for one in found} == {(NOW - timedelta(days=4)).date()}


def test_what_was_said_on_an_earlier_day_counts_less():
    first, again = (article(AGROUND, title="Ferry aground", days=days) for days in (4, 1))
    by_day = sorted(quotes_of([first, again], zone=UTC), key=lambda one: one.day)
    assert by_day[1].weight < by_day[0].weight / 2


def test_what_the_title_says_counts_more():
    other = "Two buses took the passengers to a school in Lund on Monday."
    found = weights(article(f"{other} {AGROUND}", title="Ferry Orla ran aground near Brekk"))
    assert found[AGROUND] > found[other]


def test_of_a_long_story_the_newest_articles_are_read():
    many = [
        article(f"The ferry number {n} ran aground near Brekk with {n} people.", title=f"T{n}", days=100 - n)
        for n in range(MAX_QUOTED_ARTICLES + 3)
    ]
    assert len(texts(*many)) == MAX_QUOTED_ARTICLES
