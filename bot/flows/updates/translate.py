"""Translate the lines of a story update into the language of a channel: one call for each update and language, kept once.

update ──lines in another language──▶ claim ──not kept yet──▶ model ──check, line by line──▶ keep
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.blocking import run_blocking
from bot.errors import ModelError, OverBudget
from bot.flows.updates.claims import StoryClaims
from bot.flows.updates.prompts import filled_request, random_fence
from bot.language.locale.phrases import ENGLISH
from bot.llm.failures import UNCHARGED_REASONS
from bot.model.news import Article
from bot.model.record_key import translation_key
from bot.model.scope import Scope
from bot.model.update import StoryUpdate, UpdateTranslation
from bot.ports import LanguageModel, ModelReply, ModelRequest
from bot.prompts import load_prompt, schema_of
from bot.store import Store
from bot.updates.translation import (
    TRANSLATION_VERSION,
    TranslationReply,
    accepted,
    lines_to_translate,
    shown_lines,
)

MAX_TRANSLATION_TOKENS = 3000
MAX_TRANSLATION_TRIES = 3  # of one update into one language that may have been charged for
_SCHEMA = schema_of(TranslationReply)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateTranslator:
    """Translates story updates with one model as of ``at`` (aware); ``fence`` gives the code word around outside text."""

    model: LanguageModel
    store: Store
    claims: StoryClaims
    at: datetime
    workspace: str = ""
    fence: Callable[[str], str] = random_fence

    async def translate(
        self, update: StoryUpdate, articles: Mapping[tuple[str, int], Article], *, language: str
    ) -> UpdateTranslation | None:
        """Return ``update``, of whose articles ``articles`` are some, in ``language``, as it is kept.

        None if no line needs it, or if it was tried too often. Raises ``ModelError``. Another process that translates it now is waited for.
        """
        if not articles.keys() >= set(update.articles):
            # Who asks may read only some feeds; what is kept is for all who read the update.
            ids = sorted({article_id for article_id, _ in update.articles})
            articles = {(a.id, a.revision): a for a in await self.store.articles.revisions(ids)}
        lines = await run_blocking(lines_to_translate, update, articles, target=language)
        if not lines:
            return None
        async with self.claims.hold(f"{update.id} {language}", update.scope):
            kept = await self._kept(update, language)
            tries = await self._tries(update, language)
            if kept is not None or tries >= MAX_TRANSLATION_TRIES:
                return kept
            prompt = await run_blocking(load_prompt, "translation")
            key = translation_key(
                version=TRANSLATION_VERSION,
                scope=update.scope,
                language=language,
                lines=[line.text for line in lines],
            )
            request = filled_request(
                prompt,
                purpose="translation",
                key=key,
                schema=_SCHEMA,
                most=MAX_TRANSLATION_TOKENS,
                workspace=self.workspace,
                subject=update.story_id,
                fence=self.fence(key),
                language=ENGLISH.language_name(language),
                lines=shown_lines(lines),
            )
            answer = await self._ask(request, update, language, tries=tries)
            try:
                reply = TranslationReply.model_validate(answer.data)
            except ValueError as error:
                raise ModelError("The model's translation did not fit the schema", reason="schema") from error
            made = await run_blocking(
                accepted,
                reply,
                lines,
                update,
                target=language,
                made_at=self.at,
                model=answer.model,
                prompt_hash=prompt.hash,
            )
            await self.store.translations.keep(made)
            return await self._kept(update, language)

    async def _ask(
        self, request: ModelRequest, update: StoryUpdate, language: str, *, tries: int
    ) -> ModelReply:
        """Return the model's answer to ``request``, with the try on record before it, for a process may end while it waits."""
        tried = UpdateTranslation(
            update_id=update.id,
            language=language,
            scope=update.scope,
            made_at=self.at,
            tries=tries + 1,
            is_made=False,
        )
        await self.store.translations.keep(tried)
        try:
            return await self.model.complete(request)
        except ModelError as error:
            if isinstance(error, OverBudget) or error.reason in UNCHARGED_REASONS:
                await self.store.translations.keep(replace(tried, tries=tries))
            raise

    async def _tries(self, update: StoryUpdate, language: str) -> int:
        tried = await self.store.translations.tries([update.id], language=language, by=update.scope)
        return tried.get(update.id, 0)

    async def _kept(self, update: StoryUpdate, language: str) -> UpdateTranslation | None:
        kept = await self.store.translations.of([update.id], language=language, by=update.scope)
        return kept.get(update.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTranslation:
    """An update that readers of ``language`` see, and the articles that it cites."""

    update: StoryUpdate
    language: str
    articles: Mapping[tuple[str, int], Article]
    workspace: str = ""  # whose budget it counts for

    @property
    def key(self) -> tuple[str, str]:
        """The same for all channels that need it."""
        return self.update.id, self.language


def translations_needed(
    updates: Iterable[StoryUpdate],
    articles: Iterable[Article],
    *,
    language: str,
    shown: Collection[str],
    workspace: str = "",
) -> tuple[PlannedTranslation, ...]:
    """Return those of ``updates`` of which a line that is ``shown`` is in another language than ``language``."""
    known = {(article.id, article.revision): article for article in articles}
    return tuple(
        PlannedTranslation(update=update, language=language, articles=known, workspace=workspace)
        for update in updates
        if any(line.text in shown for line in lines_to_translate(update, known, target=language))
    )


async def not_kept(
    planned: Sequence[PlannedTranslation], *, store: Store, by: Scope
) -> tuple[PlannedTranslation, ...]:
    """Return those of ``planned``, all into one language, that nobody has kept yet, and that were not tried too often."""
    if not planned:
        return ()
    ids, language = [one.update.id for one in planned], planned[0].language
    kept = await store.translations.of(ids, language=language, by=by)
    tries = await store.translations.tries(ids, language=language, by=by)
    return tuple(
        one
        for one in planned
        if one.update.id not in kept and tries.get(one.update.id, 0) < MAX_TRANSLATION_TRIES
    )
