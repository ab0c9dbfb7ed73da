"""What one sentence tells of somebody is not told of another."""

from __future__ import annotations

from tests.evidence.checking import check

OPENED = "Ole Brandt opened the new bridge in January with his brother."


def test_each_clause_is_held_against_the_sentence_of_its_own_subject():
    said = (OPENED, "Mara Lindqvist visited Norvik harbour full of people.")
    text = "Norvik harbour was full of people, and {} opened the new bridge in January with family."
    assert check(text.format("Ole Brandt"), *said).passed
    assert check(text.format("Mara Lindqvist"), *said).reason == "actor"


def test_a_name_inside_of_a_clause_is_not_taken_for_its_subject():
    said = (OPENED, "Mara Lindqvist visited the bridge.")
    text = "The new bridge that Mara Lindqvist visited was opened in January with a brother."
    assert check(text, *said).passed


def test_whoever_did_it_may_be_told_in_small_letters():
    said = (
        "The Dockers Union opened the new bridge in January with its band.",
        "Mara Lindqvist visited the bridge.",
    )
    text = "Mara Lindqvist visited the new bridge opened in January by {} with its band."
    assert check(text.format("the dockers union"), *said).passed
    assert check(text.format("the crews"), *said).reason == "actor"


def test_what_befell_one_who_is_named_behind_his_role_is_not_told_of_another():
    said = (
        "A former aide, Ole Brandt, was awarded 4 million crowns last year for the loss of his boat.",
        "Mara Lindqvist filed a lawsuit on Monday.",
    )
    text = "{} was awarded 4 million crowns last year for the loss of a boat."
    assert check(text.format("Ole Brandt"), *said).passed
    assert check(text.format("Mara Lindqvist"), *said).reason == "actor"


def test_whoever_is_succeeded_does_not_succeed():
    said = "Mara Lindqvist will lead the port from May, succeeding current chief Ole Brandt."
    assert check("Mara Lindqvist will succeed Ole Brandt in May.", said).passed
    assert check("Ole Brandt will succeed Mara Lindqvist in May.", said).reason == "actor"
    assert check("Ole Brandt was succeeded by Mara Lindqvist in May.", said).passed


def test_an_owner_does_what_is_told_of_him_and_not_what_he_owns():
    said = "Kestrel’s owner Halden Foods pays outside crews to clean boats at Kestrel and Alba."
    assert check("Halden Foods pays outside crews to clean boats.", said).passed
    assert check("Kestrel pays outside crews to clean boats.", said).reason == "actor"
