"""Who says or does it, and whose a role is."""

from __future__ import annotations

from tests.evidence.checking import check


def test_a_place_beside_a_role_is_not_whose_it_is():
    assert check(
        "Mara Lindqvist: mayor", "The mayor of Halden, Mara Lindqvist, resigned.", field="role"
    ).passed
    assert check("Mara Lindqvist: lawyer", "Sand's lawyer, Mara Lindqvist, resigned.", field="role").passed
    said = "Ole Brandt, the mayor, met Mara Lindqvist."
    assert check("Mara Lindqvist: mayor", said, field="role").reason == "role"


HEARD = (
    "President Oskar Wenn regrets the deaths.",
    "Crews are at the wreck.",
    "At a news conference, Mara Lindqvist, director of the port, said the crane fell at noon.",
    "He said investigators were looking into possible causes.",
)


def test_what_he_said_is_the_word_of_who_speaks_in_the_sentence_before():
    told = "says investigators are looking into possible causes"
    position = {"field": "position", "cited": (1, 4)}
    for position_told in (told, f"regrets the deaths, {told}"):
        assert check(position_told, *HEARD, claimant="Oskar Wenn", **position).reason == "another"
    assert check("regrets the deaths", *HEARD, claimant="Oskar Wenn", **position).reason != "another"
    assert check(told, *HEARD, claimant="Mara Lindqvist", field="position", cited=(3, 4)).reason != "another"
    apart = (*HEARD[:2], HEARD[1], HEARD[3])  # the sentence before names nobody
    assert check(told, *apart, claimant="Oskar Wenn", **position).reason != "another"
    both = (*HEARD[:2], "Mara Lindqvist told Oskar Wenn that the crane fell.", HEARD[3])
    assert check(told, *both, claimant="Oskar Wenn", **position).reason != "another"
