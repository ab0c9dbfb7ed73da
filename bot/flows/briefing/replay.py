"""Replay: show how a briefing was made, and make it again from what was known then.

record + archive as of then ──gather──▶ make ──▶ the same briefing, or what differs
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.config import BriefingSettings
from bot.errors import InputError, ModelError
from bot.flows.briefing.brief import make_briefing
from bot.flows.briefing.gather import BriefingInput, gather
from bot.flows.briefing.request import BriefingRequest
from bot.flows.briefing.session import ModelSession
from bot.flows.rules.reader import RulesReader
from bot.llm.reply_text import object_for
from bot.model.briefing import Briefing, Writer
from bot.model.record import Exchange, Record
from bot.ports import ModelReply, ModelRequest
from bot.store import Store

EARLIEST_HORIZON = datetime(1970, 1, 1, tzinfo=UTC)  # for briefings made before there was a horizon
MIN_BRIEFING_ID_CHARS = 6  # characters of an id that may name a briefing


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBriefing:
    """A stored briefing, its destination, and the record of how it was made."""

    briefing: Briefing
    destination: str
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A briefing made again; ``differences`` lists what differs from the original."""

    stored: StoredBriefing
    briefing: Briefing
    differences: tuple[str, ...]


class ReplayedModel:
    """A model that gives the recorded replies of a briefing: story by story, in the same order."""

    def __init__(self, record: Record) -> None:
        self._left: dict[str, list[Exchange]] = {w.story_id: list(w.exchanges) for w in record.writings}

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return the recorded answer to the next request about the same story."""
        left = self._left.get(request.subject)
        if not left:
            raise ModelError("Nothing was asked about this story then", reason="not_recorded")
        exchange = left.pop(0)
        if exchange.failure:
            raise ModelError(exchange.failure, reason="recorded", text=exchange.reply)
        try:
            data = object_for(request, exchange.reply) or {}
        except ValueError:
            data = {}
        return ModelReply(data=data, text=exchange.reply, model=exchange.model, usage=exchange.usage)


async def stored_briefing(name: str, *, store: Store) -> StoredBriefing:
    """Return the briefing whose id is, or begins with, ``name``; raises ``InputError`` if none or several match."""
    found = await store.briefings.named(name) if len(name) >= MIN_BRIEFING_ID_CHARS else []
    if len(found) != 1:
        problem = "There is no briefing" if not found else f"{len(found)} briefings begin with"
        raise InputError(f"{problem} {name!r}", hint="List them with: wirebrief show")
    ((destination, briefing),) = found
    record = await store.briefings.record(briefing.id)
    if record is None:
        raise InputError(
            f"How {briefing.id!r} was made is not stored", hint="It was made by an earlier version"
        )
    return StoredBriefing(briefing=briefing, destination=destination, record=record)


async def replay(
    stored: StoredBriefing,
    *,
    store: Store,
    session: ModelSession | None = None,
    rules: RulesReader | None = None,
) -> Replay:
    """Return the briefing of ``stored`` made again from what was known then, with the recorded answers or by ``session``."""
    record = stored.record
    settings = BriefingSettings.model_validate_json(record.settings)
    # A story that a model was meant to read and did not says so.
    by_model = any(w.why_extracts or w.exchanges or w.writer == Writer.MODEL for w in record.writings)
    model = session or (ModelSession(model=ReplayedModel(record)) if by_model else None)
    request = BriefingRequest(
        sent=await store.story_edits.sent_by_now(record.sent),
        since=record.since,
        horizon=record.horizon or EARLIEST_HORIZON,
        at=record.made_at,
        settings=settings,
        by=record.by,
        choices=record.choices,
        waiting=record.waiting,
    )
    inputs = await gather(request, store=store, rules=rules)
    # What feeds did then is not known any more.
    inputs = replace(inputs, coverage=stored.briefing.coverage)
    if session:
        inputs = _unread(inputs)
    made = await make_briefing(
        inputs,
        store=store,
        channel=stored.destination,
        settings=settings,
        session=model,
        keep=False,
        rules=rules,
    )
    return Replay(
        stored=stored, briefing=made.briefing, differences=differences(stored.briefing, made.briefing)
    )


def _unread(inputs: BriefingInput) -> BriefingInput:
    """Return ``inputs`` without what was read for its briefing: another model reads it anew."""
    moved = tuple(
        replace(context, updates=tuple(u for u in context.updates if u.made_at < inputs.at))
        for context in inputs.moved
    )
    return replace(inputs, moved=moved)


def differences(before: Briefing, after: Briefing) -> tuple[str, ...]:
    """Return the differences between ``before`` and ``after``, one line for each story or part."""
    found = []
    old, new = ({s.story_id: s for s in b.stories} for b in (before, after))
    for story_id in dict.fromkeys((*old, *new)):
        if story_id not in new:
            found.append(f"{old[story_id].headline.text}: missing in the replay")
        elif story_id not in old:
            found.append(f"{new[story_id].headline.text}: new in the replay")
        elif old[story_id] != new[story_id]:
            parts = [
                part
                for part in ("headline", "status", "bullets", "actors", "figures", "next", "writer")
                if getattr(old[story_id], part) != getattr(new[story_id], part)
            ]
            found.append(f"{old[story_id].headline.text}: other {', '.join(parts) or 'details'}")
    parts = [
        p
        for p in ("more", "watch", "settled", "unchanged", "coverage")
        if getattr(before, p) != getattr(after, p)
    ]
    return (*found, *(f"{part}: not the same" for part in parts))
