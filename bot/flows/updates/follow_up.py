"""Ask a model again about its reply: a second look at what rules cannot decide, and a repair of what was refused.

reply ──check──▶ doubts ──second look──▶ verdicts        refused ──repair──▶ corrections ──check──▶ verdicts
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.blocking import run_blocking
from bot.errors import ModelError
from bot.evidence.proposed import ProposedField
from bot.flows.updates.calls import UpdateCalls
from bot.flows.updates.work import BatchAtWork
from bot.model.record import Checked
from bot.model.record_key import follow_up_key
from bot.prompts import Prompt, schema_of
from bot.updates.by_model.check import check_proposed
from bot.updates.by_model.look import (
    LOOK_VERSION,
    Doubts,
    SecondLookReply,
    article_lines,
    doubts_of,
    matters,
    repeated,
    sentences_before,
    statement_lines,
    with_second_look,
    worth_asking,
)
from bot.updates.by_model.pairs import lines_of, pair_lines, pairs_of, said_new
from bot.updates.by_model.reading import Reading
from bot.updates.by_model.repair import (
    UPDATE_REPAIR_VERSION,
    UpdateRepairReply,
    corrections,
    fault_lines,
    repair_sentences,
    worth_repair,
)
from bot.updates.by_model.reply import UpdateReply
from bot.updates.material import lines

MAX_REPAIR_TOKENS = 800
MAX_SECOND_LOOK_TOKENS = 800
_REPAIR_SCHEMA = schema_of(UpdateRepairReply)
_LOOK_SCHEMA = schema_of(SecondLookReply)


async def look_again(
    work: BatchAtWork,
    key: str,
    fields: Sequence[ProposedField],
    reply: UpdateReply,
    reading: Reading,
    *,
    calls: UpdateCalls,
    prompt: Prompt,
) -> Mapping[str, str]:
    """Let the model decide what rules could not, and return the id that each repeated fact repeats.

    Without an answer the verdict of the rules is kept.
    """
    doubts = await run_blocking(_doubts, work.checked, fields, reply, reading)
    if not doubts or not matters(doubts):
        return {}
    try:
        answer = await calls.ask(
            work,
            prompt,
            purpose="second look",
            key=follow_up_key(key, purpose="second look", version=LOOK_VERSION, statements=doubts.texts),
            schema=_LOOK_SCHEMA,
            most=MAX_SECOND_LOOK_TOKENS,
            articles=article_lines(doubts, work.checked, reading.articles),
            statements=statement_lines(
                doubts,
                fields=fields,
                before=sentences_before(doubts, work.checked, reading.articles),
            ),
            repeats=pair_lines(doubts.pairs),
        )
        looked = SecondLookReply.model_validate(answer.data)
    except (ModelError, ValueError):
        return {}
    work.checked[:] = with_second_look(work.checked, doubts, looked)
    return repeated(doubts, looked)


async def repair(
    work: BatchAtWork,
    key: str,
    fields: tuple[ProposedField, ...],
    reply: UpdateReply,
    reading: Reading,
    *,
    calls: UpdateCalls,
    prompt: Prompt,
) -> tuple[ProposedField, ...]:
    """Return ``fields`` with what the model corrected of the refused ones; without an answer they stay refused."""
    refused = worth_repair(fields, work.checked, reply)
    if not refused:
        return fields
    shown = await run_blocking(repair_sentences, refused, work.checked, work.batch)
    try:
        answer = await calls.ask(
            work,
            prompt,
            purpose="repair",
            key=follow_up_key(
                key, purpose="repair", version=UPDATE_REPAIR_VERSION, statements=[one.text for one in refused]
            ),
            schema=_REPAIR_SCHEMA,
            most=MAX_REPAIR_TOKENS,
            faults=fault_lines(refused, work.checked, work.batch),
            sentences=lines(work.batch, only={one.number for one in shown}),
        )
        corrected = UpdateRepairReply.model_validate(answer.data)
    except (ModelError, ValueError):
        return fields
    again = tuple(corrections(corrected, refused, work.batch))
    checked = await run_blocking(check_proposed, again, reading)
    work.checked += [replace(c, round=2) for c in checked]
    by_path = {one.path: one for one in again}
    return tuple(by_path.get(one.path, one) for one in fields)


def _doubts(
    checked: Sequence[Checked], fields: Sequence[ProposedField], reply: UpdateReply, reading: Reading
) -> Doubts:
    new = said_new(reply, fields, known=reading.known.facts, articles=reading.articles)
    doubts = doubts_of(checked, pairs=pairs_of(new, lines_of(reading.ledger)), articles=reading.articles)
    return worth_asking(doubts, reply, reading)
