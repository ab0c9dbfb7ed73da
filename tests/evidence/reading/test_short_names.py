"""Capitals are held by the name that they stand for, and by no other."""

import pytest

from bot.evidence.reading.ground import ground_of
from bot.evidence.reading.short_names import in_capitals, is_short, is_short_for, spelled_out
from bot.model.news import Citation
from tests.evidence.checking import article, check

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


def ground(sentence: str):
    return ground_of([Citation(article_id="a", sentences=(1,))], articles={("a", 1): article(sentence)})


@pytest.mark.parametrize(
    ("name", "short"),
    [("CDC", True), ("C.D.C.", True), ("AT&T", True), ("C", False), ("Cdc", False), ("ABCDEFG", False)],
)
def test_two_to_six_capitals_are_a_short_name(name, short):
    assert is_short(name) is short


def test_capitals_stand_for_the_words_they_begin_small_ones_aside():
    assert is_short_for("MFAT", "Ministry of Foreign Affairs and Trade")
    assert is_short_for("ICC", "International Cricket-Council")
    assert not is_short_for("ICC", "International")
    assert not is_short_for("I", "Ida")


def test_three_letters_of_a_longer_name_are_enough_and_two_are_not():
    assert spelled_out("CDC", ground(SAID))
    assert spelled_out("CD", ground("It met the Cricket Department."))
    assert not spelled_out("CD", ground(SAID))
    assert not spelled_out("Centers", ground(SAID))


def test_a_long_name_is_held_by_its_capitals_in_the_sentence():
    assert in_capitals("International Cricket Council", ground("The ICC met."))
    assert not in_capitals("International Cricket Council", ground("The IBC met."))
