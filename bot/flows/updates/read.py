"""Read what is new in one story: a call for each batch of sentences, every field checked, what stands kept.

articles ──batches──▶ prompt ──▶ model ──reply──▶ check ──refused──▶ model, once ──▶ check ──▶ second look ──▶ update
                        ▲                                                                                    │
                        └───────────────────────────── known: the fold of all updates ◀──────────────────────┘
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.blocking import run_blocking
from bot.errors import ModelError
from bot.evidence.proposed import FieldKind, ProposedField
from bot.evidence.update import check_fields
from bot.kinds.load import Kind, describe_kinds
from bot.model.briefing import Writer
from bot.model.ids import derive_id
from bot.model.ledger import KnownFact, StoryLedger
from bot.model.news import Article
from bot.model.record import Checked, Disposition, Exchange, Verdict
from bot.model.record_key import follow_up_key, record_key
from bot.model.scope import Scope
from bot.model.update import StoryUpdate
from bot.ports import LanguageModel, ModelReply, ModelRequest
from bot.prompts import Prompt, load_prompt, schema_of
from bot.stories.fold import fold
from bot.updates.by_model.assemble import Reading, update_of
from bot.updates.by_model.guard import smuggled
from bot.updates.by_model.known import KnownLines, known_lines
from bot.updates.by_model.look import (
    LOOK_VERSION,
    Doubts,
    SecondLookReply,
    doubts_of,
    pair_lines,
    repeated,
    settled,
    statement_lines,
)
from bot.updates.by_model.propose import outcomes, proposed
from bot.updates.by_model.repair import (
    REPAIR_VERSION,
    UpdateRepairReply,
    corrections,
    fault_lines,
    repair_sentences,
    worth_repair,
)
from bot.updates.by_model.reply import REPLY_VERSION, UpdateReply, read_update, update_schema
from bot.updates.material import Batch, batches_of, lines, sentence_lines

MAX_REPLY_TOKENS = 2500
MAX_REPAIR_TOKENS = 800
MAX_LOOK_TOKENS = 800
KNOWN_TOKENS = 600  # of what is known of a story, in one call


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePrompts:
    """The prompts of story updates, set up for one installation."""

    update: Prompt
    repair: Prompt
    look: Prompt | None = None  # None: nothing is looked at a second time


def load_update_prompts(kinds: Mapping[str, Kind], *, second_look: bool = True) -> UpdatePrompts:
    """Return the prompts with the kinds and their states filled in; raises ``ConfigError``."""
    return UpdatePrompts(
        update=load_prompt("update").set_up(kinds=describe_kinds(kinds)),
        repair=load_prompt("update_repair"),
        look=load_prompt("second_look") if second_look else None,
    )


def random_fence(_key: str) -> str:
    """Return a code word that nobody can know before the call."""
    return secrets.token_hex(6)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateReader:
    """Reads stories with one model; ``fence`` gives the code word around outside text for a record key."""

    model: LanguageModel
    prompts: UpdatePrompts
    kinds: Mapping[str, Kind]
    workspace: str = ""
    fence: Callable[[str], str] = random_fence

    async def read(
        self,
        story_id: str,
        articles: Sequence[Article],
        *,
        known: Sequence[StoryUpdate],
        old: Sequence[Article] = (),
        scope: Scope,
        at: datetime,
        keep: Keep | None = None,
    ) -> AsyncIterator[ReadBatch]:
        """Yield what ``articles`` add to a story of which ``known`` are the kept updates and ``old`` the articles they read.

        The batches are read one after the other, each knowing what the former gave, as far as ``keep`` has kept it. One
        that the model fails on is the last: it has no update, and says why.
        """
        updates = list(known)
        for batch in await run_blocking(batches_of, articles, read=old):
            work = _Work(
                story_id=story_id,
                scope=scope,
                batch=batch,
                ledger=fold(story_id, updates),
                at=at,
                articles=(*old, *articles),
            )
            try:
                update = await self._read(work)
            except ModelError as error:
                yield work.done(None, why=_why(error))
                return
            done = work.done(update)
            kept = await keep(done) if keep else update
            if kept is None:
                yield replace(done, update=None, why="an article of it was removed meanwhile")
                return
            yield replace(done, update=kept)
            updates.append(kept)

    async def _read(self, work: _Work) -> StoryUpdate:
        if not work.batch.sentences:
            return self._nothing_new(work)
        known = await run_blocking(
            known_lines, work.ledger, [one.text for one in work.batch.sentences], max_tokens=KNOWN_TOKENS
        )
        shown_facts = [f"{short} {fact.fact.id}" for short, fact in known.facts.items()]
        shown_facts += [f"{short} {one.id}" for short, one in known.announcements.items()]
        key = record_key(
            version=REPLY_VERSION,
            scope=work.scope,
            articles=[_hash_of(article, work.batch) for article in work.batch.articles],
            known=shown_facts,
        )
        reply = await self._reply(work, key, known=known.text)
        reading = Reading(
            story_id=work.story_id,
            scope=work.scope,
            batch=work.batch,
            known=known,
            ledger=work.ledger,
            kinds=self.kinds,
            articles={(a.id, a.revision): a for a in work.articles},
            made_at=work.at,
            model=next((e.model for e in reversed(work.exchanges) if e.model), ""),
            prompt_hash=self.prompts.update.hash,
        )
        announced = {short: one.what for short, one in known.announcements.items()}
        fields = (
            *proposed(reply, work.batch, kinds=self.kinds),
            *outcomes(reply, work.batch, announced=announced),
        )
        work.checked += await run_blocking(_checked, fields, reading)
        again = await self._looked(work, key, fields, reply, reading)
        fields = await self._repaired(work, key, fields, reply, reading)
        return await run_blocking(update_of, reply, fields, work.checked, replace(reading, repeated=again))

    def _nothing_new(self, work: _Work) -> StoryUpdate:
        """Return the update of articles that only copy what was read: nobody needs to be asked."""
        reading = Reading(
            story_id=work.story_id,
            scope=work.scope,
            batch=work.batch,
            known=KnownLines(text=""),
            ledger=work.ledger,
            kinds=self.kinds,
            articles={},
            made_at=work.at,
        )
        return replace(
            update_of(UpdateReply(kind=work.ledger.kind), (), (), reading), written_by=Writer.EXTRACTS
        )

    async def _reply(self, work: _Work, key: str, *, known: str) -> UpdateReply:
        """Return the reply, asking once more where nothing of it can be read."""
        note = ""
        sentences = await run_blocking(lines, work.batch)
        for _ in (1, 2):
            answer = await self._ask(
                work,
                self.prompts.update,
                purpose="update",
                key=key,
                schema=_SCHEMA,
                most=MAX_REPLY_TOKENS,
                known=known,
                sentences=sentences,
                note=note,
            )
            try:
                return read_update(answer.data)
            except ValueError as error:
                note = (
                    f"Your last answer did not fit: {error}. Answer again with exactly the object described."
                )
        raise ModelError("The model's answer did not fit the schema, twice", reason="schema")

    async def _looked(
        self,
        work: _Work,
        key: str,
        fields: Sequence[ProposedField],
        reply: UpdateReply,
        reading: Reading,
    ) -> Mapping[str, KnownFact]:
        """Let the model decide what rules could not, and return the known fact that each repeated one says again.

        Without an answer the check by rules stands.
        """
        if self.prompts.look is None:
            return {}
        paths = {one.path: one for one in fields}
        new = {
            f"facts[{i}]": paths[f"facts[{i}]"].text
            for i, fact in enumerate(reply.facts)
            if f"facts[{i}]" in paths and fact.known not in reading.known.facts
        }
        doubts = await run_blocking(
            doubts_of, work.checked, new=new, known=work.ledger.standing_facts, articles=reading.articles
        )
        if not doubts:
            return {}
        try:
            answer = await self._ask(
                work,
                self.prompts.look,
                purpose="second look",
                key=follow_up_key(key, purpose="second look", version=LOOK_VERSION, statements=doubts.texts),
                schema=_LOOK_SCHEMA,
                most=MAX_LOOK_TOKENS,
                statements=statement_lines(
                    doubts,
                    fields=fields,
                    before=_before(doubts, work.checked, reading),
                ),
                repeats=pair_lines(doubts),
            )
            looked = SecondLookReply.model_validate(answer.data)
        except (ModelError, ValueError):
            return {}
        work.checked[:] = settled(work.checked, doubts, looked)
        return repeated(doubts, looked)

    async def _repaired(
        self,
        work: _Work,
        key: str,
        fields: tuple[ProposedField, ...],
        reply: UpdateReply,
        reading: Reading,
    ) -> tuple[ProposedField, ...]:
        """Return ``fields`` with what the model corrected of the refused ones; without an answer they stay refused."""
        refused = worth_repair(fields, work.checked, reply)
        if not refused:
            return fields
        shown = await run_blocking(repair_sentences, refused, work.batch)
        try:
            answer = await self._ask(
                work,
                self.prompts.repair,
                purpose="repair",
                key=follow_up_key(
                    key, purpose="repair", version=REPAIR_VERSION, statements=[one.text for one in refused]
                ),
                schema=_REPAIR_SCHEMA,
                most=MAX_REPAIR_TOKENS,
                faults=fault_lines(refused, work.checked, work.batch),
                sentences=sentence_lines(shown),
            )
            corrected = UpdateRepairReply.model_validate(answer.data)
        except (ModelError, ValueError):
            return fields
        again = tuple(corrections(corrected, refused, work.batch))
        checked = await run_blocking(_checked, again, reading)
        work.checked += [replace(c, round=2) for c in checked]
        by_path = {one.path: one for one in again}
        return tuple(by_path.get(one.path, one) for one in fields)

    async def _ask(
        self,
        work: _Work,
        prompt: Prompt,
        *,
        purpose: str,
        key: str,
        schema: Mapping[str, Any],
        most: int,
        **values: str,
    ) -> ModelReply:
        if "language" in prompt.variables:
            values["language"] = next((a.language for a in work.articles if a.language), "en")
        request = ModelRequest(
            purpose=purpose,
            system=prompt.system,
            user=prompt.fill(fence=self.fence(key), **values),
            schema_name=prompt.reply,
            schema=schema,
            max_output_tokens=most,
            workspace=self.workspace,
            subject=work.story_id,
            prompt_hash=prompt.hash,
            record_key=key,
        )
        try:
            answer = await self.model.complete(request)
        except ModelError as error:
            work.exchanges.append(Exchange(request=request.user, reply=error.text, failure=error.message))
            raise
        work.exchanges.append(
            Exchange(model=answer.model, request=request.user, reply=answer.text, usage=answer.usage)
        )
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBatch:
    """One batch as it was read: its update, or why there is none, and how it came about."""

    batch: Batch
    update: StoryUpdate | None = None
    read: tuple[str, ...] = ()  # ids of the articles whose known facts were shown
    why: str = ""  # why there is no update, one clause
    exchanges: tuple[Exchange, ...] = ()
    checked: tuple[Checked, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Work:
    """One batch on its way; what was exchanged is kept even where it fails."""

    story_id: str
    scope: Scope
    batch: Batch
    ledger: StoryLedger
    at: datetime
    articles: tuple[Article, ...]
    exchanges: list[Exchange] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)

    def done(self, update: StoryUpdate | None, *, why: str = "") -> ReadBatch:
        return ReadBatch(
            batch=self.batch,
            update=update,
            read=tuple(sorted({article_id for article_id, _ in self.ledger.articles})),
            why=why,
            exchanges=tuple(self.exchanges),
            checked=tuple(self.checked),
        )


Keep = Callable[[ReadBatch], Awaitable[StoryUpdate | None]]
"""Keeps what was read; returns the update that stands, another's where that was first, None where none may."""

_PLAIN = Verdict(passed=True, reason="")
_SCHEMA = update_schema()
_REPAIR_SCHEMA = schema_of(UpdateRepairReply)
_LOOK_SCHEMA = schema_of(SecondLookReply)


def _before(doubts: Doubts, checked: Sequence[Checked], reading: Reading) -> dict[str, str]:
    """Return the sentence before the first one that each doubtful field cites: it tells who "he" is."""
    asked = {one.field for one in doubts.asked}
    found = {}
    for one in checked:
        if one.field in asked and one.verdict.citations:
            first = one.verdict.citations[0]
            number = min(first.sentences) - 1
            article = reading.articles.get((first.article_id, first.revision))
            if article and number >= 1:
                found[one.field] = article.sentence(number).text
    return found


def _checked(fields: Sequence[ProposedField], reading: Reading) -> tuple[Checked, ...]:
    """Return each part of ``fields`` with its verdict, in order."""
    articles = tuple(reading.articles.values())
    refused = {one.path: found for one in fields if (found := smuggled(one, articles))}
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


def _hash_of(article: Article, batch: Batch) -> str:
    """Return what names an article's shown sentences with their numbers."""
    said = [f"{one.number} {one.text}" for one in batch.sentences if one.article.id == article.id]
    return derive_id("txt", article.title, f"{article.published_at:%Y-%m-%d}", *said)


def _why(error: ModelError) -> str:
    message = error.message
    return message[0].lower() + message[1:]
