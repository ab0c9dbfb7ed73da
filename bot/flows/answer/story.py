"""The timeline of one story for a reader: its status, and its rows in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.errors import InputError
from bot.flows.rules.reader import RulesReader
from bot.flows.story_timeline import story_timelines
from bot.model.news import Article, DateSource
from bot.model.scope import SHARED, Scope
from bot.model.story import Ledger, LedgerEntry, Story
from bot.store import Store

STORY_SCHEMA = "wirebrief.story/1"
MIN_STORY_ID_CHARS = 6  # characters of an id that may name a story


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedSentences:
    """The sentences of one article that a ledger cites."""

    article_id: str
    revision: int
    outlet: str
    title: str
    url: str
    published_at: datetime
    date_source: DateSource = DateSource.FEED
    numbers: tuple[int, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story with its ledger at one moment, the rows of the ledger and their sentences."""

    schema: str = STORY_SCHEMA
    story: Story
    at: datetime
    timezone: str
    ledger: Ledger
    rows: tuple[LedgerEntry, ...]
    sources: tuple[CitedSentences, ...]


async def view_story(
    name: str,
    *,
    store: Store,
    at: datetime,
    timezone: str,
    by: Scope | None = SHARED,
    rules: RulesReader | None = None,
) -> StoryView:
    """Return the story whose id is, or begins with, ``name``, as the destination ``by`` could know it at ``at``.

    ``by`` None is the operator, who sees every story completely. Raises ``InputError`` if none or several match.
    """
    found = await store.stories.named(name, by=by) if len(name) >= MIN_STORY_ID_CHARS else []
    if len(found) != 1:
        problem = "There is no story" if not found else f"{len(found)} stories begin with"
        raise InputError(f"{problem} {name!r}", hint="List them with: wirebrief stories")
    (story,) = found
    timeline = (await story_timelines([story], store=store, at=at, by=by, rules=rules))[story.id]
    ledger, rows = timeline.by(at, timezone=timezone), timeline.rows
    return StoryView(
        story=story,
        at=at,
        timezone=timezone,
        ledger=ledger,
        rows=rows,
        sources=await _sources(rows, store=store),
    )


async def _sources(rows: tuple[LedgerEntry, ...], *, store: Store) -> tuple[CitedSentences, ...]:
    cited: dict[tuple[str, int], set[int]] = {}
    for citation in (c for row in rows for c in row.citations):
        cited.setdefault((citation.article_id, citation.revision), set()).update(citation.sentences)
    revisions = await store.articles.revisions(sorted({article_id for article_id, _ in cited}))
    by_key = {(a.id, a.revision): a for a in revisions}
    return tuple(_shown(by_key[key], sorted(numbers)) for key, numbers in cited.items() if key in by_key)


def _shown(article: Article, numbers: list[int]) -> CitedSentences:
    return CitedSentences(
        article_id=article.id,
        revision=article.revision,
        outlet=article.outlet,
        title=article.title,
        url=article.url,
        published_at=article.published_at,
        date_source=article.date_source,
        numbers=tuple(numbers),
        sentences=tuple(article.sentence(n).text for n in numbers),
    )
