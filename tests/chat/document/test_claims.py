"""Whose word a line is, is said once, in the line's own language."""

from __future__ import annotations

import pytest

from bot.chat.document.claims import according_to, announced_by
from bot.language.locale.phrases import phrases


@pytest.mark.parametrize(
    ("line", "claim"),
    [
        ("La police a tiré sur la foule et a blessé six personnes.", " (selon un habitant de Norvik)"),
        ("La policía disparó contra la multitud y hay seis heridos.", " (según un habitant de Norvik)"),
        (
            "Die Polizei hat auf die Menge geschossen und sechs Menschen verletzt.",
            " (laut un habitant de Norvik)",
        ),
        ("The police fired at the crowd and six people were hurt.", " (according to un habitant de Norvik)"),
        ("Norvik", " (laut un habitant de Norvik)"),  # nothing tells its language: the reader's
    ],
)
def test_it_is_said_in_the_language_of_the_line(line: str, claim: str) -> None:
    assert according_to("un habitant de Norvik", beside=line, say=phrases("de")) == claim


def test_a_line_in_another_language_that_says_whose_word_it_is_needs_no_more() -> None:
    told = "Des centaines de marins ont défilé, selon des images de la télévision d'Etat."
    assert according_to("télévision d'Etat de Norvik", beside=told) == ""
    told = "La télévision d'Etat a montré des centaines de marins dans les rues de la ville."
    assert according_to("télévision d'Etat", beside=told) == ""
    told = "Des centaines de marins ont défilé dans les rues de la ville."
    assert according_to("télévision d'Etat", beside=told) == " (selon télévision d'Etat)"


def test_who_announced_it_is_said_in_the_language_of_the_line_too() -> None:
    line = "Le procès des deux capitaines de la flotte"
    assert announced_by("Mara Lindqvist", beside=line) == " (annoncé par Mara Lindqvist)"


def test_without_a_line_it_is_said_in_the_readers_language() -> None:
    assert according_to("Mara Lindqvist", say=phrases("de")) == " (laut Mara Lindqvist)"


@pytest.mark.parametrize(
    ("claimant", "attributed"),
    [
        ("the officer", " (according to an officer)"),
        ("The note", " (according to a note)"),
        ("the port office", " (according to the port office)"),
        ("the harbour officer", " (according to the harbour officer)"),
        ("the government", " (according to the government)"),
    ],
)
def test_nobody_has_introduced_the_officer(claimant: str, attributed: str) -> None:
    assert according_to(claimant, beside="Three boats were found.") == attributed


def test_claimants_whom_the_line_names_each_are_not_named_again() -> None:
    line = "Mara Lindqvist and council leaders expect no vote before May."
    assert according_to("Mara Lindqvist and leaders of the council", beside=line) == ""
    assert (
        according_to("Mara Lindqvist and Ole Brandt", beside=line)
        == " (according to Mara Lindqvist and Ole Brandt)"
    )
    both = "Mara Lindqvist and Ole Brandt expect no vote."
    assert according_to("Ole Brandt and Mara Lindqvist", beside=both) == ""
