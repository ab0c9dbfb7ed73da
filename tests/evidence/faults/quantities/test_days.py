"""A day is told of its own act."""

from __future__ import annotations

from datetime import timedelta

from tests.evidence.checking import PUBLISHED, check


def test_words_behind_both_days_tell_to_which_they_belong():
    said = "On Thursday, 10 July, Lund filed his complaint, and on Friday, 11 July, reporters obtained the court papers."
    assert check("Reporters obtained the court papers on Friday, 11 July.", said).passed
    assert check("Reporters obtained the court papers on Thursday, 10 July.", said).reason == "date"


def test_the_day_in_a_quotation_is_the_speakers():
    said = '"Somebody holds a ticket this morning worth two billion, and that is a lot," Mara Lindqvist said.'
    later = PUBLISHED + timedelta(days=1)
    assert check(
        '"Somebody holds a ticket this morning worth two billion," Mara Lindqvist said.', said, made_at=later
    ).passed
    assert (
        check(
            "Somebody holds a ticket this morning worth two billion, Mara Lindqvist said.",
            said,
            made_at=later,
        ).reason
        == "date"
    )
