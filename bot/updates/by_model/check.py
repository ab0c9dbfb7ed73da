"""Check the fields of a reply: what no field may hold, then each against the sentences it cites. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.evidence.labels import LabelledFact, disagree
from bot.evidence.proposed import FieldKind, ProposedField
from bot.evidence.update import check_fields
from bot.model.record import Checked, Disposition
from bot.updates.by_model.guard import foreign_content
from bot.updates.by_model.reading import Reading


def check_proposed(fields: Sequence[ProposedField], reading: Reading) -> tuple[Checked, ...]:
    """Return each part of ``fields`` with its verdict, in order."""
    articles = tuple(reading.articles.values())
    refused = {one.path: found for one in fields if (found := foreign_content(one, articles))}
    left = [one for one in fields if one.path not in refused]
    # What a contradiction asks is answered by its sides, differently; only an open question must not be.
    asked = [one for one in left if one.kind is FieldKind.QUESTION and one.path.endswith(".question")]
    passed = check_fields(
        [one for one in left if one not in asked],
        articles=reading.articles,
        shown=reading.batch.shown,
        made_at=reading.made_at,
    )
    return (*refused.values(), *(_disagreement(one, left) for one in asked), *passed)


def _disagreement(question: ProposedField, fields: Sequence[ProposedField]) -> Checked:
    """Return the verdict on a contradiction: whether its sides, each checked by itself, answer it differently."""
    path = question.path.removesuffix("question") + "sides"
    sides = [LabelledFact(text=one.text, claimant=one.who) for one in fields if one.path.startswith(path)]
    verdict = disagree(sides)
    fate = Disposition.KEPT if verdict.passed else Disposition.DROPPED
    return Checked(field=question.path, text=question.text, verdict=verdict, fate=fate)
