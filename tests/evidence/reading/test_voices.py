"""Whose word is what in a sentence."""

from __future__ import annotations

from bot.evidence.reading.speech import speech_of
from bot.evidence.reading.voices import is_speaker, voices
from tests.evidence.checking import check


def test_persons_of_one_family_are_not_one_speaker():
    assert not is_speaker("Ole Mads Brandt", speech_of("said", "Ulf Mads Brandt"))
    assert is_speaker("Ole Brandt", speech_of("said", "Brandt"))


def test_a_second_verb_of_one_speaker_is_his_too():
    one, other = voices("Ole Brandt said the port was shut and added that crews were home.")
    assert (one.speech.who, other.speech.who) == ("Ole Brandt", "Ole Brandt")
    assert other.teller is None


def test_what_one_says_another_believes_has_a_teller():
    hale, front = voices("Ole Hale said the Front believes the port is shut.")
    assert hale.teller is None
    assert front.teller is not None
    assert front.teller.who == "Ole Hale"


def test_the_first_and_the_latest_may_speak():
    [voice] = voices("The first said the bridge was unsafe.")
    assert voice.speech.who == "The first"


def test_whoever_counts_speaks_in_his_own_clause():
    [voice] = voices("Aid groups left the port; the ministry counted 31 dead.")
    assert voice.speech.who.strip() == "the ministry"


def test_what_is_said_inside_of_a_quotation_is_the_word_of_whom_it_quotes():
    [voice] = voices("On Monday “the fault was admitted by Lund,” Ole Brandt said.")
    assert voice.speech.who == "Ole Brandt"


def test_what_stands_before_a_speaker_in_a_clause_of_its_own_is_not_what_he_says():
    [voice] = voices("The port was shut on Monday; Ole Brandt said the crews were home.")
    assert "crews" in voice.claim
    assert "shut" not in voice.claim


def test_a_name_before_a_speaker_with_a_name_of_her_own_does_not_speak():
    told = "The ferry was sold to Ole Brandt."
    said = "The ferry was sold to Ole Brandt, mayor Lena Falk said."
    assert check(told, said, claimant="Lena Falk").passed
    assert check(told, said, claimant="Ole Brandt").reason == "wrong_claimant"


def test_a_name_before_a_speaker_without_one_speaks_though_its_second_comma_is_missing():
    said = "Ole Brandt, president of the region announced that the ferry was sold."
    assert check("The ferry was sold.", said, claimant="Ole Brandt").passed
    assert check("The ferry was sold.", said, claimant="Lena Falk").reason == "wrong_claimant"
