"""Tolls that newer ones have overtaken are told nowhere: in no fact, no title and no status."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.updates.by_rules.numbers.figures import counted_in, find_figures
from bot.updates.by_rules.numbers.tolls import is_overtaken, newest_tolls, overtaken_sentences
from bot.updates.by_rules.read import read_by_rules
from tests.servers.written import MONDAY, article

FIRST = article(
    "A crane fell on the quay in Osby on Monday and killed two people, police said.\nDivers searched the harbour of Osby until dark.",
    title="Crane falls in Osby, two people killed",
    outlet="Nordic Wire",
)
LATER = article(
    "Six people were killed when a crane fell on the quay in Osby, police said on Monday night.\nThe mayor of Osby opened an inquiry into the crane.",
    title="Six people killed as crane falls in Osby",
    outlet="Harbour Post",
    published=MONDAY + timedelta(hours=9),
)


def tolls(*articles):
    counted = counted_in(articles)
    return newest_tolls(find_figures(articles, counted), counted)


def test_the_toll_that_stands_is_the_newest_of_all_dead():
    assert tolls(FIRST, replace(LATER, published_at=LATER.published_at + timedelta(days=1))) == {"dead": {6}}


def test_two_who_differ_at_one_time_both_stand():
    fire = article(
        "The fire service said two people were killed when a crane fell on the quay in Osby on Monday.",
        title="Crane falls in Osby",
        outlet="The Meridian",
        published=MONDAY + timedelta(hours=6),
    )
    assert tolls(fire, LATER) == {"dead": {2, 6}}
    assert overtaken_sentences(counted_in([fire, LATER]), tolls(fire, LATER)) == frozenset()


def test_a_line_with_a_smaller_toll_is_overtaken_and_one_without_or_of_a_part_is_not():
    standing = tolls(FIRST, LATER)
    assert is_overtaken("Crane falls in Osby, two people killed", standing, language="en")
    assert not is_overtaken("Crane falls in Osby, six people killed", standing, language="en")
    assert not is_overtaken("Crane falls in Osby", standing, language="en")
    assert not is_overtaken("Two children killed in Osby", standing, language="en")
    assert not is_overtaken("Zwei Menschen getötet", standing, language="xx")


def test_an_update_tells_the_newest_toll_alone():
    update = read_by_rules("s", [FIRST, LATER])
    lines = [
        update.headline.text,
        update.status.text if update.status else "",
        *(f.text for f in update.facts),
    ]
    assert any("ix people" in line for line in lines)
    assert not any("two people" in line for line in lines)


def test_a_single_report_keeps_its_toll():
    update = read_by_rules("s", [FIRST])
    assert "two people killed" in update.headline.text


def test_an_age_is_no_toll():
    young = article(
        "A garment worker of 23 died after a clash in Osby on Monday, police said.",
        title="Worker dies in Osby",
    )
    assert tolls(young) == {}
