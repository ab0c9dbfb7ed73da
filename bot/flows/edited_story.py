"""A story with a changed set of articles: its days, and its profile for clustering."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.blocking import run_blocking
from bot.model.news import Article
from bot.model.scope import Scope
from bot.store import KeptProfile, Store
from bot.store.edits.story_edits import EditedStory
from bot.stories.clustering.candidates import indexed_terms
from bot.stories.clustering.features import features_of_all
from bot.stories.clustering.profiles import Corpus, StoryProfile


async def edited_story(
    story_id: str, title: str, articles: Sequence[Article], *, scope: Scope, store: Store
) -> EditedStory:
    """Return the story ``story_id`` with exactly ``articles`` (at least one)."""
    found = await run_blocking(features_of_all, sorted(articles, key=lambda a: a.sort_key))
    count, held = await store.stories.frequencies({term for features in found for term in features.terms})
    corpus = Corpus(articles=count, frequencies=Counter(held))

    def profile() -> KeptProfile:
        made = StoryProfile(story_id=story_id)
        for features in found:
            made.add(features, vector=corpus.weigh(features.terms))
        return KeptProfile(data=made.to_bytes(), terms=indexed_terms(made))

    published = [article.published_at for article in articles]
    return EditedStory(
        id=story_id,
        title=title,
        first_at=min(published),
        last_at=max(published),
        profile=await run_blocking(profile),
        scope=scope,
    )
