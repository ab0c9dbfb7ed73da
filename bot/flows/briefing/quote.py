"""Quote the articles that no model has read, while the bot waits for a model.

draft ──unread articles──▶ sentences that the others do not say, as an update by rules
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from bot.flows.briefing.draft import StoryDraft
from bot.flows.rules.reader import RulesReader
from bot.flows.rules.work import quote_from
from bot.model.news import Article
from bot.model.update import StoryUpdate
from bot.updates.by_rules.read import MAX_FACTS_BY_RULES

MAX_LATE_SENTENCES = 2  # quoted in a story that a model had read before


@asynccontextmanager
async def quoting(drafts: Sequence[StoryDraft], *, rules: RulesReader) -> AsyncIterator[None]:
    """Choose sentences of the unread articles of ``drafts`` meanwhile, so that they are ready if the model does not read them."""

    async def quote() -> None:
        for draft in drafts:
            if left := draft.material.unread:
                with suppress(Exception):  # the same error is raised again where the result is used
                    await quote_unread(draft, left, has_facts=bool(draft.updates), rules=rules)

    task = asyncio.ensure_future(quote())
    try:
        yield
    finally:
        task.cancel()


async def quote_unread(
    draft: StoryDraft, left: Sequence[Article], *, has_facts: bool, rules: RulesReader
) -> StoryUpdate:
    """Return sentences quoted from the articles ``left`` of a story; fewer if facts of a model are shown, too (``has_facts``)."""
    ids = {a.id for a in left}
    memory = draft.memory
    old = [a for a in left if a.id in memory.background or not memory.is_new(a.fetched_at)]
    new = [a for a in left if a not in old]
    # What an article said before it was edited is no news, though the article is.
    earlier = [*(a for a in draft.articles if a.id not in ids), *draft.older, *(old if new else ())]
    reading = await rules.read(
        quote_from,
        [*earlier, *(new or old)],
        story_id=draft.brief.story_id,
        quoted=frozenset((a.id, a.revision) for a in (new or old)),
        most=MAX_LATE_SENTENCES if has_facts else MAX_FACTS_BY_RULES,
    )
    return reading.found
