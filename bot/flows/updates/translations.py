"""Show a briefing's lines in the language of its channel, as far as they were translated.

briefing in the words of the articles ──kept translations of its updates──▶ with the lines in another language beside theirs
                                              ▲ missing: asked for in the seconds that are left
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.blocking import run_blocking
from bot.concurrency import end_tasks
from bot.errors import ModelError
from bot.evidence.translation.words import can_translate
from bot.flows.updates.translate import UpdateTranslator, not_kept, translations_needed
from bot.log import report_fault
from bot.model.briefing import Briefing, StoryBrief, TranslatedLine, printed_texts
from bot.model.news import Article
from bot.model.scope import Scope
from bot.model.update import UpdateTranslation
from bot.store import Store


async def with_translations(
    briefing: Briefing,
    stories: Sequence[StoryBrief],
    articles: Mapping[str, Sequence[Article]],
    *,
    store: Store,
    by: Scope,
    translator: UpdateTranslator | None,
    seconds: float,
) -> Briefing:
    """Return ``briefing``, made of ``stories``, with the translations of its lines into its language.

    ``articles`` are those of each story (id), earlier revisions too. What nobody has translated yet is asked for with ``translator``
    (None: not at all) within ``seconds``; what fails is shown as it is.
    """
    foreign = {
        story_id: some
        for story_id, some in articles.items()
        if any(can_translate(article.language, briefing.language) for article in some)
    }
    if not foreign:
        return briefing
    # Initials may have been spelled out in a bullet.
    originals = {
        shown_bullet.text: bullet.text
        for story, brief in zip(briefing.stories, stories, strict=True)
        for shown_bullet, bullet in zip(story.bullets, brief.bullets, strict=True)
    }
    shown = {originals.get(text, text): text for text in printed_texts(briefing)}
    updates = await store.updates.of(sorted(foreign), by=by)
    planned = [
        one
        for story_id, some in foreign.items()
        for one in await run_blocking(
            translations_needed, updates[story_id], some, language=briefing.language, shown=shown
        )
    ]
    if translator:
        tasks = [
            asyncio.create_task(translator.translate(one.update, one.articles, language=one.language))
            for one in await not_kept(planned, store=store, by=by)
        ]
        await _finish(tasks, seconds=seconds)
    kept = await store.translations.of([one.update.id for one in planned], language=briefing.language, by=by)
    lines = {line.original: line for one in kept.values() for line in one.lines}
    return replace(
        briefing,
        translations=tuple(
            TranslatedLine(original=text, text=line.text, language=line.language)
            for original, text in shown.items()
            if (line := lines.get(original)) and line.text != text
        ),
    )


async def kept_lines(story_id: str, *, language: str, store: Store, by: Scope) -> tuple[TranslatedLine, ...]:
    """Return what is kept of a story's lines in ``language``, for the destination ``by``; no model is asked."""
    updates = (await store.updates.of([story_id], by=by))[story_id]
    kept = await store.translations.of([update.id for update in updates], language=language, by=by)
    return tuple(line for one in kept.values() for line in one.lines if line.text != line.original)


async def _finish(tasks: Sequence[asyncio.Task[UpdateTranslation | None]], *, seconds: float) -> None:
    """Wait for ``tasks`` at most ``seconds``; a model that fails leaves its lines as they are."""
    if not tasks:
        return
    try:
        await asyncio.wait(tasks, timeout=max(0.0, seconds))
    finally:
        await end_tasks(tasks)
    for found in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(found, Exception) and not isinstance(found, ModelError):
            report_fault(found, doing="translating a story")
