"""Capitals are held by the name that they stand for, and by no other."""

import pytest

from tests.evidence.checking import check

SAID = (
    "Dr. Mara Lindqvist, director of the US Centers for Disease Control and Prevention, said cases may rise."
)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("CDC director Mara Lindqvist said cases may rise.", SAID),
        ("The head of the CDC, Mara Lindqvist, said cases may rise.", SAID),
        (
            "ICC head Anna Berg said it is safe.",
            "Anna Berg, head of the International Cricket Council, said it is safe.",
        ),
        (
            "Anna Berg of the I.C.C. said it is safe.",
            "Anna Berg of the International Cricket Council said it is safe.",
        ),
        (
            "Anna Berg of the International Cricket Council said it is safe.",
            "Anna Berg of the ICC said it is safe.",
        ),
    ],
)
def test_capitals_are_held_by_the_name_they_stand_for(statement: str, sentence: str):
    assert check(statement, sentence, "The CDC has not yet counted.", cited=(1,)).passed


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            "ICB head Anna Berg said it is safe.",
            "Anna Berg, head of the International Cricket Council, said it is safe.",
        ),
        ("CDC experts met in Norvik.", "Experts of Canada, Denmark, Chile met in Norvik."),
        ("The CPD was told that cases may rise.", SAID),
    ],
)
def test_capitals_that_stand_for_nothing_cited_are_refused(statement: str, sentence: str):
    assert not check(statement, sentence).passed
