"""Check the fields of a reply: what no field may hold, then each against the sentences it cites. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.evidence.proposed import FieldKind, ProposedField
from bot.evidence.update import check_fields
from bot.model.record import Checked, Disposition, Verdict
from bot.updates.by_model.assemble import Reading
from bot.updates.by_model.guard import foreign_content

_PLAIN = Verdict(passed=True, reason="")


def check_proposed(fields: Sequence[ProposedField], reading: Reading) -> tuple[Checked, ...]:
    """Return each part of ``fields`` with its verdict, in order."""
    articles = tuple(reading.articles.values())
    refused = {one.path: found for one in fields if (found := foreign_content(one, articles))}
    left = [one for one in fields if one.path not in refused]
    # What a contradiction asks is answered, differently; only an open question must not be.
    asked = [one for one in left if one.kind is FieldKind.QUESTION and one.path.endswith(".question")]
    passed = check_fields(
        [one for one in left if one not in asked],
        articles=reading.articles,
        shown=reading.batch.shown,
        made_at=reading.made_at,
    )
    plain = [Checked(field=one.path, text=one.text, verdict=_PLAIN, fate=Disposition.KEPT) for one in asked]
    return (*refused.values(), *plain, *passed)
