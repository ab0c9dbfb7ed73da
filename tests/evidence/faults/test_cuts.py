"""A position may not end where its speaker turns it."""

from __future__ import annotations

from tests.evidence.checking import check


def position(text: str, *said: str, who: str = "Ida Roslin"):
    return check(text, *said, claimant=who, field="position")


DOABLE = "“The change is entirely doable, but we are not on that path, and we have wasted years,” Ida Roslin told the Harbour Press."


def test_a_position_that_its_speaker_turns_is_refused_and_says_by_what():
    verdict = position("says the change is entirely doable", DOABLE)
    assert (verdict.reason, verdict.words) == ("cut", ("but we are not on that path, and",))


def test_a_position_that_tells_the_turn_too_stands():
    assert position("says the change is doable, but that years were wasted", DOABLE).passed


def test_what_is_told_of_the_turn_alone_stands():
    assert position("says years have been wasted", DOABLE).passed


def test_but_added_is_the_same_voice_and_a_new_subject_is_not():
    own = "Ida Roslin said she had no plans to meet the rebels, but added that she was ready to talk."
    assert position("says she has no plans to meet the rebels", own).reason == "cut"
    other = "Ida Roslin said she had no plans to meet the rebels, but the army sent an envoy."
    assert position("says she has no plans to meet the rebels", other).passed


def test_a_sentence_beside_it_without_the_turn_carries_the_position():
    plain = "Ida Roslin said that the change was entirely doable."
    assert position("says the change is entirely doable", DOABLE, plain).passed


def test_but_in_the_words_of_somebody_else_turns_nothing():
    told = "“It is doable,” Ida Roslin said of the change of heating in Lowe, but critics called it a dream."
    assert position("says the change of heating in Lowe is doable", told).passed


def test_other_fields_than_a_position_may_end_there():
    assert (
        check("The change is entirely doable, Ida Roslin said.", DOABLE, claimant="Ida Roslin").reason
        != "cut"
    )


def test_a_position_that_no_sentence_tells_is_not_called_cut():
    assert position("says the harbour was closed for good", DOABLE).reason != "cut"
