"""Who speaks in an act of saying."""

from __future__ import annotations

from bot.evidence.reading.speech import speech_of, speeches


def test_what_stands_in_brackets_is_no_part_of_a_speaker():
    [speech] = speeches("Ole Brandt (of the Ferry Union) said the port was shut.")
    assert speech.names == ("Ole Brandt",)


def test_a_speaker_is_short_who_is_named_elsewhere():
    assert speech_of("said", "the Norland minister").short
    assert speech_of("said", "the company").short
    assert speech_of("said", "she").short
    assert speech_of("said", "the man held on Monday").short
    assert not speech_of("said", "Ole Brandt").short
    assert not speech_of("said", "the Ferry Union").short
