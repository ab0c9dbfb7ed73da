"""Read the new articles of one story: one call for each batch of sentences; fields that pass the check are stored.

articles ──batches──▶ prompt ──▶ model ──reply──▶ check ──▶ second look ──still refused──▶ repair, once ──▶ check ──▶ update
                        ▲                                                                                         │
                        └────────────────────────────── known: the fold of all updates ◀──────────────────────────┘
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.blocking import run_blocking
from bot.errors import ModelError
from bot.flows.updates.calls import UpdateCalls
from bot.flows.updates.follow_up import look_again, repair
from bot.flows.updates.prompts import UpdatePrompts, random_fence
from bot.flows.updates.work import BatchAtWork, Keep, ReadBatch, hash_of
from bot.kinds.load import Kind
from bot.model.briefing import Writer
from bot.model.ledger import StoryLedger
from bot.model.news import Article
from bot.model.record_key import record_key
from bot.model.scope import Scope
from bot.model.update import StoryUpdate
from bot.ports import LanguageModel
from bot.stories.clustering.apart import apart, far
from bot.stories.fold import fold
from bot.stories.still_carried import AvailableArticles, limited
from bot.tracing import span
from bot.updates.by_model.assemble import update_of
from bot.updates.by_model.check import check_proposed
from bot.updates.by_model.distrust import all_elsewhere
from bot.updates.by_model.known import KnownLines, known_lines
from bot.updates.by_model.propose import outcomes, proposed
from bot.updates.by_model.reading import Reading
from bot.updates.by_model.reply import (
    REPLY_VERSION,
    UpdateReply,
    read_update,
    update_schema,
    with_known_texts,
)
from bot.updates.material import batches_of, cited, lines

MAX_UPDATE_TOKENS = 2500
KNOWN_FACTS_TOKENS = 600  # of what is known of a story, in one call


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateReader:
    """Reads stories with one model; ``fence`` gives the code word around outside text for a record key."""

    model: LanguageModel
    prompts: UpdatePrompts
    kinds: Mapping[str, Kind]
    workspace: str = ""
    fence: Callable[[str], str] = random_fence

    @property
    def _calls(self) -> UpdateCalls:
        return UpdateCalls(model=self.model, workspace=self.workspace, fence=self.fence)

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
            known_lines,
            work.ledger,
            [one.text for one in work.batch.sentences],
            max_tokens=KNOWN_FACTS_TOKENS,
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
        again: Mapping[str, str] = {}
        if self.prompts.look:
            again = await look_again(
                work, key, fields, reply, reading, calls=self._calls, prompt=self.prompts.look
            )
        fields = await repair(
            work, key, fields, reply, reading, calls=self._calls, prompt=self.prompts.repair
        )
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
            answer = await self._calls.ask(
                work,
                self.prompts.update,
                purpose="update",
                key=key,
                schema=_SCHEMA,
                most=MAX_UPDATE_TOKENS,
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


def _known(story_id: str, updates: Sequence[StoryUpdate], available: AvailableArticles) -> StoryLedger:
    return fold(story_id, [limited(update, available) for update in updates])


_SCHEMA = update_schema()
