"""A story has come to a state where a cited sentence says so."""

from __future__ import annotations

from bot.evidence.faults.states import state_holds
from bot.evidence.reading.ground import facts_of, ground_of
from bot.model.news import Citation
from tests.evidence.checking import article


def holds(description: str, *said: str) -> bool:
    told = article(*said)
    ground = ground_of(
        [Citation(article_id="a", sentences=tuple(range(1, len(said) + 1)))], articles={("a", 1): told}
    )
    return state_holds(facts_of(told, description), ground).passed


def test_a_denial_of_something_else_leaves_a_state_as_it_is():
    assert holds(
        "The court acquitted the accused.", "The court acquitted Brandt, though it did not order costs."
    )
    assert not holds(
        "The court acquitted the accused.", "The court did not acquit Brandt, though it ordered costs."
    )


def carries(phrase: str, *said: str) -> bool:
    told = article(*said)
    ground = ground_of(
        [Citation(article_id="a", sentences=tuple(range(1, len(said) + 1)))], articles={("a", 1): told}
    )
    verdict = state_holds(facts_of(told, "It is so."), ground, carried_by=(phrase,))
    assert not verdict.flagged
    return verdict.passed


def test_a_phrase_carries_a_state_where_its_words_stand_side_by_side():
    assert carries("gave in", "The owners gave in on Monday.")
    assert carries("gave in", "The owners, they say, GAVE IN.")
    assert not carries("gave in", "The owners gave an interview in Lowe.")
    assert carries("gave in", "Nothing is known.", "The owners gave in.")


def test_a_day_between_the_words_of_a_phrase_changes_nothing():
    assert carries("senate passed", "The Senate on Sunday afternoon passed the bill.")
    assert not carries("senate passed", "The Senate never met, and the house passed the bill.")


def test_a_star_stands_for_any_end_of_a_word():
    assert carries("investigat*", "An investigation is under way.")
    assert not carries("investigat*", "Investors are angry.")
    assert not carries("investigate", "An investigation is under way.")


def test_a_phrase_that_is_denied_doubted_or_ahead_carries_nothing():
    assert carries("arrested", "Police arrested a man.")
    assert not carries("arrested", "Police have not arrested a man.")
    assert not carries("arrested", "Police may have arrested a man.")
    assert not carries("arrested", "The man will be arrested.")
    assert not carries("arrested", "A man was reportedly arrested.")
    assert not carries("siege", "The siege ended at noon.")
    assert carries("siege ended", "The siege ended at noon.")


def test_a_suspect_is_a_person_and_no_doubt():
    assert carries("arrested", "A suspect was arrested on Friday.")
    assert not carries("arrested", "Officials suspect he arrested the wrong man.")


def test_a_phrase_that_is_itself_ahead_may_be_planned_and_not_denied():
    assert carries("will meet", "The two sides will meet on Friday.")
    assert carries("to be held", "The talks are expected to be held on Friday.")
    assert not carries("to be held", "The talks are not expected to be held on Friday.")
    assert not carries("was rejected", "It is unclear whether the bill was rejected.")


def test_where_phrases_are_named_part_of_a_description_carries_nothing():
    told = article("The trial was long.")
    ground = ground_of([Citation(article_id="a", sentences=(1,))], articles={("a", 1): told})
    description = facts_of(told, "The trial has begun.")
    assert state_holds(description, ground).passed
    assert not state_holds(description, ground, carried_by=("took the stand",)).passed


def test_a_description_that_is_carried_beside_phrases_is_looked_at_again():
    told = article("The trial began.")
    ground = ground_of([Citation(article_id="a", sentences=(1,))], articles={("a", 1): told})
    verdict = state_holds(facts_of(told, "The trial has begun."), ground, carried_by=("took the stand",))
    assert verdict.passed
    assert verdict.flagged
