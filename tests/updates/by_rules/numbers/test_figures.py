"""Figures: numbers that surely count something, with their bounds, what they count, and who claims it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.updates.by_rules.numbers.counting import counting_of
from bot.updates.by_rules.numbers.disagreements import find_disagreements
from bot.updates.by_rules.numbers.figures import counted_in, figure_of, find_figures
from tests.servers.written import MONDAY, article
from tests.support.running.rows import each_row


def figures_of(articles):
    return [figure_of(one) for one in find_figures(articles, counted_in(articles))]


def figures(text, **more):
    return [(f.value, f.counts, f.claimant) for f in figures_of([article(text, **more)])]


@each_row(
    ("sentence", "told"),
    [
        (
            "The storm killed 19 people in Osby, the civil protection agency said.",
            ("19", "people killed", "the civil protection agency"),
        ),
        ("At least 27 people were killed in Osby on Monday.", ("At least 27", "people killed", "")),
        ("More than 12,000 homes were destroyed in Osby.", ("More than 12,000", "homes destroyed", "")),
        ("The death toll in the Osby fire rose to 31 on Monday.", ("31", "death toll", "")),
        ("Some 60 excavators are at work in Osby.", ("Some 60", "excavators", "")),
        ("The council in Osby approved $1.2 billion in funding.", ("$1.2 billion", "funding", "")),
        ("Osby spent as much as €3.4 million in aid.", ("as much as €3.4 million", "aid", "")),
        ("Floods displaced 1,50,000 people in Osby.", ("1,50,000", "people displaced", "")),
        ("The mayor won with 61 percent of the vote in Osby.", ("61 percent", "of the vote", "")),
    ],
)
def test_a_figure_says_what_it_counts_with_its_bounds_and_claimant(sentence, told):
    assert told in figures(sentence)


@each_row(
    "sentence",
    [
        "A 38-year-old man from Osby was born in 1987 and left at 6:30 on the 22nd day.",
        "Osby won the match 10-8 in 90 minutes.",
        "The Galaxy S9 and the Apollo 11 were shown in Osby.",
        "Flight 175 passengers landed in Osby.",
        "Between 10 and 12 people were killed in Osby.",
        "From 10 to 12 houses in Osby were destroyed.",
        "The crane in Osby could kill 300 people.",
        "Some 300 people in Osby are feared dead.",
        "An earlier fire in Osby had killed 30 people.",
        "The stone in Osby weighs 40 pounds.",
        "On 12 March 2031 Osby voted.",
        "Osby has two families of smiths.",
        "The fire was in 12 West Street, Osby.",
        "In Osby a bomb that killed 12 people is remembered.",
        "Osby lies 12 km from Velmar.",
        "Osby raised its bid from its earlier offer of $70 million.",
    ],
)
def test_what_may_be_no_count_is_no_figure(sentence):
    assert figures(sentence) == []


def test_a_number_whose_claimant_is_not_sure_is_not_told():
    assert (
        figures("In Osby 19 people were killed, as the mayor's brother told the Post, whose owner denies it.")
        == []
    )


def test_a_newer_toll_supersedes_the_older_one():
    old = article("At least nine people were killed in Osby on Monday.")
    new = article("A fire killed 14 people in Osby.", published=MONDAY + timedelta(hours=20))
    found = figures_of([old, new])
    assert [(f.value, f.counts) for f in found] == [("14", "people killed")]


def claims(*sentences):
    articles = [article(text, outlet=f"Post {n}") for n, text in enumerate(sentences)]
    return [[(c.by, c.text) for c in d.claims] for d in find_disagreements(counted_in(articles))]


def test_claimants_who_count_differently_stand_side_by_side():
    found = claims(
        "The fire killed 19 people in Osby, the ministry said.",
        "The fire killed 12 people in Osby, rescuers said.",
    )
    assert found == [[("rescuers", "12 people killed"), ("the ministry", "19 people killed")]]


def test_numbers_that_lie_far_apart_are_counts_of_two_events():
    assert not claims(
        "The attack killed 1,200 people in Osby, the ministry said.",
        "The war killed 70,000 people in Osby, the health office said.",
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "The fire killed 19 people in Osby, the ministry said.",
            "The fire killed at least 12 people in Osby, rescuers said.",
        ),
        (
            "The fire killed 19 people in Osby, the ministry said.",
            "The fire injured 12 people in Osby, rescuers said.",
        ),
        (
            "The fire killed 19 people in Osby, the ministry said.",
            "The fire killed 12 children in Osby, rescuers said.",
        ),
        ("The fire killed 19 people in Osby.", "The fire killed 12 people in Osby, rescuers said."),
        (
            "Some 100 people were killed in Osby, the ministry said.",
            "The fire killed 105 people in Osby, rescuers said.",
        ),
    ],
)
def test_bounds_parts_and_other_things_are_no_disagreement(one, other):
    assert claims(one, other) == []


def test_a_language_without_rules_for_counts_has_no_figures():
    assert counting_of("hu") is None
    assert figures("The storm killed 19 people in Osby.", language="hu") == []


def test_one_number_is_told_once_in_a_story():
    first = article("A crash killed 14 tourists in Osby on Monday.")
    other = article("A bus with 14 passengers crashed in Osby on Monday.")
    assert [f.counts for f in figures_of([first, other])] == ["tourists killed"]
