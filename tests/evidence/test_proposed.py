"""A field says by its kind what is asked of it."""

from __future__ import annotations

from bot.evidence.proposed import FieldKind, ProposedField
from bot.evidence.update import check_fields
from tests.support.running.rows import each_row


@each_row("kind", FieldKind)
def test_every_kind_of_field_is_checked_and_an_empty_one_is_refused(kind: FieldKind):
    [only] = check_fields([ProposedField(path="x", kind=kind)], articles={})
    assert not only.verdict.passed
