"""Sentences leave their story only where the likeness by which articles join stories agrees."""

from __future__ import annotations

from bot.model.news import Citation
from bot.stories.clustering.apart import apart
from tests.flows.ferry import ARTICLES, article

FIRE = "A wolf was seen near the school of Tarn, and hunters searched the forest until dark."
PAY = "The seafarers' union wants more pay for the ferry crews of Orsund Line."
MIXED = article("mixed", f"{PAY} {FIRE}", hours=3)


def of(*numbers):
    return Citation(article_id="mixed", sentences=numbers)


def test_what_is_like_nothing_in_the_story_is_apart():
    assert apart([of(2)], [*ARTICLES, MIXED]) == {("mixed", 1, 2)}


def test_rule_6_what_is_like_the_story_stays_whatever_a_model_says():
    assert apart([of(1)], [*ARTICLES, MIXED]) == frozenset()


def test_a_story_of_one_article_has_nothing_to_compare_with():
    assert apart([of(2)], [MIXED]) == frozenset()


def test_what_is_not_at_hand_is_not_judged():
    assert apart([Citation(article_id="gone", sentences=(1,))], [*ARTICLES, MIXED]) == frozenset()
