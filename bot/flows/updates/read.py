"""Read the new articles of one story: one call for each batch of sentences; fields that pass the check are stored.

articles ──batches──▶ prompt ──▶ model ──reply──▶ check ──▶ second look ──still refused──▶ repair, once ──▶ check ──▶ update
                        ▲                                                                                         │
                        └────────────────────────────── known: the fold of all updates ◀──────────────────────────┘
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.blocking import run_blocking
from bot.errors import ModelError
from bot.evidence.proposed import ProposedField
from bot.flows.updates.prompts import UpdatePrompts, random_fence
from bot.flows.updates.work import BatchAtWork, Keep, ReadBatch, hash_of
from bot.kinds.load import Kind
from bot.model.briefing import Writer
from bot.model.ledger import StoryLedger
from bot.model.news import Article
from bot.model.record import Checked, Exchange
from bot.model.record_key import follow_up_key, record_key
from bot.model.scope import Scope
from bot.model.update import StoryUpdate
from bot.ports import LanguageModel, ModelReply, ModelRequest
from bot.prompts import Prompt, schema_of
from bot.stories.clustering.apart import apart, far
from bot.stories.fold import fold
from bot.stories.still_carried import AvailableArticles, limited
from bot.tracing import span
from bot.updates.by_model.assemble import update_of
from bot.updates.by_model.check import check_proposed
from bot.updates.by_model.distrust import all_elsewhere
from bot.updates.by_model.known import KnownLines, known_lines
from bot.updates.by_model.look import (
    LOOK_VERSION,
    Doubts,
    SecondLookReply,
    article_lines,
    doubts_of,
    matters,
    repeated,
    sentences_before,
    settled,
    statement_lines,
    worth_asking,
)
from bot.updates.by_model.pairs import lines_of, pair_lines, pairs_of, said_new
from bot.updates.by_model.propose import outcomes, proposed
from bot.updates.by_model.reading import Reading
from bot.updates.by_model.repair import (
    REPAIR_VERSION,
    UpdateRepairReply,
    corrections,
    fault_lines,
    repair_sentences,
    worth_repair,
)
from bot.updates.by_model.reply import (
    REPLY_VERSION,
    UpdateReply,
    read_update,
    update_schema,
    with_known_texts,
)
from bot.updates.material import batches_of, cited, lines

MAX_REPLY_TOKENS = 2500
MAX_REPAIR_TOKENS = 800
MAX_LOOK_TOKENS = 800
KNOWN_TOKENS = 600  # of what is known of a story, in one call


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
        """Yield the updates that ``articles`` add to a story; ``known`` are its stored updates, ``old`` the articles they read.

        The batches are read one after the other; each is shown the results of those before, as far as ``keep`` has stored them.
        A batch on which the model fails is the last: it has no update, and says why.
        """
        updates = list(known)
        # What rests on sentences that an edited article no longer has is not known any more.
        available = AvailableArticles((*old, *articles), others_stand=True)
        for batch in await run_blocking(batches_of, articles, read=old):
            work = BatchAtWork(
                story_id=story_id,
                scope=scope,
                batch=batch,
                ledger=await run_blocking(_known, story_id, updates, available),
                at=at,
                articles=(*old, *articles),
                known=tuple(one.id for one in updates),
            )
            try:
                with span("story update", story=story_id, articles=len(articles)):
                    update = await self._read(work)
            except ModelError as error:
                yield work.done(None, why=error.clause)
                return
            done = work.done(update)
            kept = await keep(done) if keep else update
            if kept is None:
                yield replace(
                    done,
                    update=None,
                    why="an article of it was removed, or read by another process, meanwhile",
                )
                return
            yield replace(done, update=kept)
            updates.append(kept)

    async def _read(self, work: BatchAtWork) -> StoryUpdate:
        if not work.batch.sentences:
            return self._nothing_new(work)
        known = await run_blocking(
            known_lines, work.ledger, [one.text for one in work.batch.sentences], max_tokens=KNOWN_TOKENS
        )
        # By their words: ids differ where the same news has other addresses.
        shown_facts = [f"{short} {fact.fact.text}" for short, fact in known.facts.items()]
        shown_facts += [f"{short} {one.what}" for short, one in known.announcements.items()]
        key = record_key(
            version=REPLY_VERSION,
            scope=work.scope,
            articles=[hash_of(article, work.batch) for article in work.batch.articles],
            known=shown_facts,
        )
        reply = with_known_texts(
            await self._reply(work, key, known=known.text),
            {short: one.fact for short, one in known.facts.items()},
        )
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
        work.checked += await run_blocking(check_proposed, fields, reading)
        again = await self._look_again(work, key, fields, reply, reading)
        fields = await self._repair(work, key, fields, reply, reading)
        away = cited(reply.elsewhere, work.batch)
        agreed = await run_blocking(apart, away, work.articles) if away else frozenset()
        gone = all_elsewhere(reply, work.batch)
        distant = await run_blocking(far, gone, work.articles) if gone else frozenset()
        reading = replace(reading, repeated=again, apart=agreed, far=distant)
        return await run_blocking(update_of, reply, fields, work.checked, reading)

    def _nothing_new(self, work: BatchAtWork) -> StoryUpdate:
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

    async def _reply(self, work: BatchAtWork, key: str, *, known: str) -> UpdateReply:
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

    async def _look_again(
        self,
        work: BatchAtWork,
        key: str,
        fields: Sequence[ProposedField],
        reply: UpdateReply,
        reading: Reading,
    ) -> Mapping[str, str]:
        """Let the model decide what rules could not, and return the id that each repeated fact repeats.

        Without an answer the check by rules stands.
        """
        if self.prompts.look is None:
            return {}
        doubts = await run_blocking(_doubts, work.checked, fields, reply, reading)
        if not doubts or not matters(doubts):
            return {}
        try:
            answer = await self._ask(
                work,
                self.prompts.look,
                purpose="second look",
                key=follow_up_key(key, purpose="second look", version=LOOK_VERSION, statements=doubts.texts),
                schema=_LOOK_SCHEMA,
                most=MAX_LOOK_TOKENS,
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
        work.checked[:] = settled(work.checked, doubts, looked)
        return repeated(doubts, looked)

    async def _repair(
        self,
        work: BatchAtWork,
        key: str,
        fields: tuple[ProposedField, ...],
        reply: UpdateReply,
        reading: Reading,
    ) -> tuple[ProposedField, ...]:
        """Return ``fields`` with what the model corrected of the refused ones; without an answer they stay refused."""
        refused = worth_repair(fields, work.checked, reply)
        if not refused:
            return fields
        shown = await run_blocking(repair_sentences, refused, work.checked, work.batch)
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

    async def _ask(
        self,
        work: BatchAtWork,
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


def _doubts(
    checked: Sequence[Checked], fields: Sequence[ProposedField], reply: UpdateReply, reading: Reading
) -> Doubts:
    new = said_new(reply, fields, known=reading.known.facts, articles=reading.articles)
    doubts = doubts_of(checked, pairs=pairs_of(new, lines_of(reading.ledger)), articles=reading.articles)
    return worth_asking(doubts, reply, reading)


def _known(story_id: str, updates: Sequence[StoryUpdate], available: AvailableArticles) -> StoryLedger:
    return fold(story_id, [limited(update, available) for update in updates])


_SCHEMA = update_schema()
_REPAIR_SCHEMA = schema_of(UpdateRepairReply)
_LOOK_SCHEMA = schema_of(SecondLookReply)
