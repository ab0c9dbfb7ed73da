"""A day is told of its own act."""

from __future__ import annotations

from tests.evidence.checking import check


def test_words_behind_both_days_tell_to_which_they_belong():
    said = "On Thursday, 10 July, Lund filed his complaint, and on Friday, 11 July, reporters obtained the court papers."
    assert check("Reporters obtained the court papers on Friday, 11 July.", said).passed
    assert check("Reporters obtained the court papers on Thursday, 10 July.", said).reason == "date"
