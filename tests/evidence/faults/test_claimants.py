"""Whoever is shown as claimant is the one who says so."""

from __future__ import annotations

from tests.evidence.checking import check


def test_another_of_whom_the_sentence_speaks_does_not_say_it():
    said = "Ole Brandt told Mara Lindqvist that the port was closed for the winter."
    assert check("The port was closed for the winter.", said, claimant="Ole Brandt").passed
    assert (
        check("The port was closed for the winter.", said, claimant="Mara Lindqvist").reason
        == "wrong_claimant"
    )


def test_what_rises_adding_to_fears_does_not_speak():
    said = "Prices in Halden rose sharply and fears of a strike grew, Ole Brandt said."
    assert check(
        "Halden prices rose sharply adding to fears of a strike.", said, claimant="Ole Brandt"
    ).passed
    assert check("Halden adds that fears of a strike grew.", said).reason == "speaker"
