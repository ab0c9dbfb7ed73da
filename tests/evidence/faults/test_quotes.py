"""A role stands as printed."""

from __future__ import annotations

from tests.evidence.checking import check


def test_a_role_without_a_name_is_printed_somewhere():
    said = "Mara Lindqvist, the harbour master of Norvik, resigned."
    assert check("harbour master of Norvik", said, field="role").passed
    assert check("mayor of Norvik", said, field="role").reason == "role"
