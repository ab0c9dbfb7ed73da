"""Choose the refused fields that are asked again, what is shown for them, and apply the corrections. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from bot.evidence.numbered import NumberedSentence
from bot.evidence.proposed import FieldKind, ProposedField
from bot.evidence.reasons import advise
from bot.language.cleaning.clean import one_line
from bot.language.similarity import similarity
from bot.model.record import Checked
from bot.model.update import Importance
from bot.updates.by_model.reply import Cite, Name, ReplyItem, Text, UpdateReply, lenient
from bot.updates.material import Batch, cited

UPDATE_REPAIR_VERSION = 1
MAX_REPAIRED_STATEMENTS = 6  # statements of one repair
SIMILAR_SENTENCES_SHOWN = 2  # sentences shown beside those that a refused statement cites
_LENGTH = frozenset({"length", "too_long"})
WORTH_KINDS = (FieldKind.STATUS, FieldKind.HEADLINE, FieldKind.FACT)


class UpdateCorrection(ReplyItem):
    """One refused statement, written again; an empty text takes it back."""

    field: Name
    text: Text = ""
    said_by: Name = ""
    cite: Cite = Field(default=[])


class UpdateRepairReply(ReplyItem):
    """Corrections of refused statements."""

    statements: Annotated[list[UpdateCorrection], lenient(UpdateCorrection, MAX_REPAIRED_STATEMENTS)] = Field(
        default=[]
    )


def worth_repair(
    fields: Sequence[ProposedField], checked: Sequence[Checked], reply: UpdateReply
) -> tuple[ProposedField, ...]:
    """Return the refused fields that a briefing needs: status, facts of the highest importance, and with them the headline.

    A headline alone is worth no call: the earlier one is used, or a title.
    """
    refused = {c.field for c in checked if not c.verdict.passed}
    key = {
        f"facts[{i}]"
        for i, fact in enumerate(reply.facts)
        if fact.importance == int(Importance.KEY) and fact.relation != "restates"
    }
    wanted = [
        field
        for field in fields
        if field.path in refused
        and (field.path in key or field.kind in {FieldKind.STATUS, FieldKind.HEADLINE})
    ]
    if all(field.kind is FieldKind.HEADLINE for field in wanted):
        return ()
    return tuple(sorted(wanted, key=lambda field: WORTH_KINDS.index(field.kind)))[:MAX_REPAIRED_STATEMENTS]


def repair_sentences(
    refused: Sequence[ProposedField], checked: Sequence[Checked], batch: Batch
) -> tuple[NumberedSentence, ...]:
    """Return the sentences that ``refused`` cite, their neighbours, and those most like each statement.

    For a statement that is only too long, only the sentences that it cites.
    """
    reasons = {one.field: one.verdict.reason for one in checked}
    numbers: set[int] = set()
    for field in refused:
        own = {(c.article_id, n) for c in field.citations for n in c.sentences}
        if reasons.get(field.path) in _LENGTH:
            numbers |= {one.number for one in batch.citable if (one.article.id, one.sentence) in own}
            continue
        near = {(a, n + step) for a, n in own for step in (-1, 0, 1)}
        numbers |= {one.number for one in batch.citable if (one.article.id, one.sentence) in near}
        alike = sorted(batch.citable, key=lambda one: -similarity(field.text, one.text))
        numbers |= {one.number for one in alike[:SIMILAR_SENTENCES_SHOWN]}
    return tuple(one for one in batch.citable if one.number in numbers)


def fault_lines(refused: Sequence[ProposedField], checked: Sequence[Checked], batch: Batch) -> str:
    """Return the refused statements, each with its sentences and what to do, as lines for the prompt."""
    last = {c.field: c for c in checked}
    numbers = {(one.article.id, one.sentence): one.number for one in batch.citable}
    written = []
    for field in refused:
        places = [
            numbers[c.article_id, n]
            for c in field.citations
            for n in c.sentences
            if (c.article_id, n) in numbers
        ]
        by = f" (said_by: {field.who})" if field.who else ""
        written.append(f"{field.path}: {field.text}{by} {places}\n  {advise(last[field.path].verdict)}")
    return "\n".join(written)


def corrections(
    reply: UpdateRepairReply, refused: Sequence[ProposedField], batch: Batch
) -> Iterator[ProposedField]:
    """Yield the corrected fields of ``refused``; corrections of others are ignored."""
    asked: Mapping[str, ProposedField] = {field.path: field for field in refused}
    done: set[str] = set()
    for item in reply.statements:
        if item.field in asked and item.field not in done and item.text.strip():
            done.add(item.field)
            yield replace(
                asked[item.field],
                text=one_line(item.text),
                who=one_line(item.said_by),
                citations=cited(item.cite, batch),
            )
