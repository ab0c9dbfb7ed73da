"""What is read ahead of slots, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.flows.updates.order import SlotNeeds, reading_order
from bot.flows.updates.story import StoryMaterial
from bot.model.briefing import Writer
from bot.model.scope import SHARED, Scope, Visibility
from bot.model.update import StoryUpdate
from tests.flows.ferry import MONDAY, article

pytestmark = pytest.mark.slow

OWN = Scope(workspace="T1", channel="slack:T1/C1", visibility=Visibility.CHANNEL)
OTHER = replace(OWN, channel="slack:T1/C2")
MINUTE = timedelta(minutes=1)


def story(name, *articles, scope=SHARED, read=()):
    found = articles or (article(f"art-{name}", f"The {name} was seen in Brekk."),)
    made = StoryUpdate(
        id="", story_id=name, articles=(), as_of=MONDAY.date(), made_at=MONDAY, written_by=Writer.MODEL
    )
    updates = [replace(made, id=f"u-{a.id}", articles=((a.id, 1),), scope=a.scope) for a in read]
    return StoryMaterial(story_id=name, articles=found, scope=scope, updates=tuple(updates))


def slot(minutes, *stories, followed=(), **more):
    return SlotNeeds(due=MONDAY + minutes * MINUTE, stories=stories, followed=tuple(followed), **more)


def names(*slots):
    return [one.material.story_id for one in reading_order(slots)]


def test_rule_1_the_soonest_slot_comes_first_as_its_stories_are_ranked_then_what_is_followed():
    late = slot(20, story("d"), story("a"), followed=[story("f")])
    soon = slot(5, story("b"), story("a"), followed=[story("g"), story("d")])
    assert names(late, soon) == ["b", "a", "d", "g", "f"]
    (first, *_) = reading_order([late, soon])
    assert first.due == MONDAY + 5 * MINUTE


def test_rule_8_a_story_that_a_hundred_slots_need_stands_once():
    slots = [slot(n, story("a"), story("b"), workspace=f"W{n}") for n in range(100)]
    found = reading_order(reversed(slots))
    assert [(one.material.story_id, one.workspace) for one in found] == [("a", "W0"), ("b", "W0")]


def test_rule_1_a_story_of_which_all_is_read_is_not_planned():
    done = article("art-a", "The a was seen in Brekk.")
    assert names(slot(5, story("a", done, read=[done]), story("b"))) == ["b"]
    edited = replace(done, revision=2)
    assert names(slot(5, story("a", edited, read=[done]))) == ["a"]


def test_rule_8_what_two_slots_read_of_a_story_is_one_reading_of_both():
    one, two = article("one", "It rained in Brekk."), article("two", "It snowed in Brekk.")
    (planned,) = reading_order([slot(5, story("a", one)), slot(6, story("a", two, one))])
    assert [a.id for a in planned.material.articles] == ["one", "two"]


def test_rule_4_a_channels_own_articles_are_planned_apart_after_the_shared_ones():
    shared = article("one", "It rained in Brekk.")
    own, theirs = (article(f"own-{s.channel[-2:]}", "It snowed in Brekk.", scope=s) for s in (OWN, OTHER))
    found = reading_order(
        [slot(5, story("a", shared, own, scope=OWN)), slot(6, story("a", shared, theirs, scope=OTHER))]
    )
    assert [one.material.scope for one in found] == [SHARED, OWN, OTHER]
    assert [[a.id for a in one.material.articles] for one in found] == [
        ["one"],
        ["one", "own-C1"],
        ["one", "own-C2"],
    ]


def test_what_is_planned_is_known_again_until_another_article_comes():
    one, two = article("one", "It rained in Brekk."), article("two", "It snowed in Brekk.")
    key = reading_order([slot(5, story("a", one))])[0].key
    assert reading_order([slot(9, story("a", one))])[0].key == key
    assert reading_order([slot(9, story("a", one, two))])[0].key != key
    assert reading_order([slot(9, story("a", one, two, read=[two]))])[0].key == key
