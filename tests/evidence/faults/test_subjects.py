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
