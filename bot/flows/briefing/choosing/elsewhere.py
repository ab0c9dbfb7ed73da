"""Move an article about another event to the story it is most similar to, else to a new one.

kept update ──articles that left──▶ nearest other story │ a new one ──▶ read and told with the next briefing
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.blocking import run_blocking
from bot.faults import Faults
from bot.flows.edited_story import edited_story
from bot.flows.ingest.clustering.assign_scope import MAX_STORY_SILENCE
from bot.flows.ingest.clustering.near_stories import features_of_each, find_near
from bot.flows.updates.story import keep_in
from bot.flows.updates.work import Keep, ReadBatch
from bot.model.ids import derive_id
from bot.model.news import Article
from bot.model.scope import audience
from bot.model.story import Story
from bot.model.update import StoryUpdate
from bot.posting_lists import story_key
from bot.store import Store
from bot.stories.clustering.cluster import Clusterer
from bot.stories.clustering.features import ArticleFeatures
from bot.stories.clustering.profiles import StoryProfile

LEFT_WHY = "about another event than the story it was in"
MOVE_DELAY = timedelta(seconds=1)  # time after the reading, so that the next briefing has the article


def keep_and_assign(store: Store) -> Keep:
    """Return a function that stores an update in ``store``, and moves the articles that leave its story.

    They are moved first: after a crash in between, the story is read again without them.
    """
    keep = keep_in(store)

    async def kept(batch: ReadBatch) -> StoryUpdate | None:
        if batch.update and batch.update.left:
            await assign_elsewhere(batch.update, store=store)
        return await keep(batch)

    return kept


async def assign_elsewhere(update: StoryUpdate, *, store: Store) -> dict[str, str]:
    """Move the articles that ``update`` says are about another event; return the story of each, by id.

    An article is moved once, and only between stories of its own readers; a story keeps at least one.
    """
    story = next(iter(await store.stories.get([update.story_id], by=None)), None)
    if story is None:
        return {}
    placed = {one.article_id: one.why for one in await store.stories.why(story.id)}
    there = [a for a in await store.articles.many(placed) if audience(a.scope) == story.scope]
    going = [a for a in there if a.id in update.left and LEFT_WHY not in placed[a.id]]
    found: dict[str, str] = {}
    for article in going:
        there = [a for a in there if a.id != article.id]
        if there:
            found[article.id] = await _move(article, story, left=there, update=update, store=store)
    return found


async def _move(
    article: Article, story: Story, *, left: Sequence[Article], update: StoryUpdate, store: Store
) -> str:
    near = await _near(article, story, store=store)
    members = await store.articles.many(near.article_ids) if near else []
    to = near.id if near else derive_id("sto", story.id, article.id)
    title = left[0].title if story.title == article.title else story.title
    await store.story_edits.move(
        await edited_story(story.id, title, left, scope=story.scope, store=store),
        await edited_story(
            to, near.title if near else article.title, [*members, article], scope=story.scope, store=store
        ),
        articles=[article.id],
        why=LEFT_WHY,
        at=update.made_at + MOVE_DELAY,
    )
    return to


async def _near(article: Article, story: Story, *, store: Store) -> Story | None:
    """Return the story of the same readers that ``article`` would join if ``story`` were not there, None for none."""
    (features,) = (await features_of_each([article], workers=None, faults=Faults())).values()
    if not isinstance(features, ArticleFeatures):
        return None
    near = await find_near([features], store=store, by=story.scope)
    since = article.fetched_at - MAX_STORY_SILENCE
    stored = await store.stories.profiles(near.keys - {story_key(story.id)}, since=since, by=story.scope)

    def likest() -> str:
        profiles = [StoryProfile.from_bytes(p.story_id, p.data) for p in stored if p.scope == story.scope]
        return Clusterer(near.corpus, profiles, asked=near.asked).find(features).story_id

    found = await store.stories.get([await run_blocking(likest)], by=story.scope)
    return next((one for one in found if one.scope == story.scope), None)
