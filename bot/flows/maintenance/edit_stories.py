"""Edit stories: merge, split or rename them, or close a contradiction.

Facts stay with the sentences they cite, channels are sent nothing again, and no later ingest undoes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.blocking import run_blocking
from bot.errors import InputError
from bot.flows.edited_story import edited_story
from bot.model.briefing import Writer
from bot.model.ids import derive_id
from bot.model.news import Article
from bot.model.scope import audience, readable
from bot.model.story import Story
from bot.model.story_edit import EditVerb, StoryEdit
from bot.model.update import Contradiction, StoryUpdate
from bot.store import Store
from bot.stories.view import public_ledger

MIN_ID_PREFIX_CHARS = 4  # of the beginning of an id
MAX_STORY_NAME_CHARS = 200
LIST = "List them with: wirebrief stories"


async def merge_stories(names: Sequence[str], *, store: Store, now: datetime) -> StoryEdit:
    """Merge the stories ``names`` (ids, or beginnings of them) into the first.

    Raises ``InputError`` for a story that is unknown or of other readers.
    """
    found = list({story.id: story for story in [await _story(name, store) for name in names]}.values())
    if len(found) < 2:
        raise InputError("There is only one story to merge", hint="Give the ids of two or more stories")
    story, *others = found
    for other in others:
        if other.scope != story.scope:
            raise InputError(
                f"{story.id} is {_whose(story)}, {other.id} is {_whose(other)}",
                hint="Stories can be merged only if the same channels may read them",
            )
    ids = [article_id for one in found for article_id in one.article_ids]
    edit = StoryEdit(
        id=derive_id("edt", now.isoformat(), *(one.id for one in found)),
        at=now,
        verb=EditVerb.MERGE,
        story_id=story.id,
        others=tuple(one.id for one in others),
        articles=tuple(article_id for one in others for article_id in one.article_ids),
        now=story.title,
        scope=story.scope,
    )
    articles = await store.articles.many(ids)
    edited = await edited_story(story.id, story.title, articles, scope=story.scope, store=store)
    await store.story_edits.merge(edited, others=edit.others, edit=edit)
    return edit


async def split_story(name: str, chosen: Sequence[str], *, store: Store, now: datetime) -> StoryEdit:
    """Move the articles ``chosen`` (ids, beginnings of them, or addresses) out of a story into a new one.

    Raises ``InputError`` if an article is not in the story, or if none would be left in it.
    """
    story = await _story(name, store)
    there = await articles_of(story, store=store)
    going = list({a.id: a for a in [_article(one, there, story) for one in chosen]}.values())
    staying = [article for article in there if article not in going]
    made_of = [article for article in going if readable(article.scope, by=story.scope)]
    scope = story.scope if made_of else audience(going[0].scope)
    if not any(readable(article.scope, by=story.scope) for article in staying):
        raise InputError(
            f"Nothing would be left in {story.id}",
            hint=f"Name some of its articles, not all: wirebrief stories split {story.id} lists them",
        )
    if not made_of and any(audience(article.scope) != scope for article in going):
        raise InputError(
            "Not all of these articles may be read by the same channels",
            hint="Split them off one after the other",
        )
    new_id = derive_id("sto", story.id, now.isoformat(), *(article.id for article in going))
    edit = StoryEdit(
        id=derive_id("edt", now.isoformat(), new_id),
        at=now,
        verb=EditVerb.SPLIT,
        story_id=story.id,
        others=(new_id,),
        articles=tuple(article.id for article in going),
        was=story.title,
        now=going[0].title,
        scope=scope,  # the title may be of an article that not all readers of the story may read
    )
    ours = [article for article in staying if readable(article.scope, by=story.scope)]
    title = story.title if story.title != going[0].title else ours[0].title
    await store.story_edits.split(
        await edited_story(story.id, title, ours, scope=story.scope, store=store),
        await edited_story(new_id, going[0].title, made_of or going, scope=scope, store=store),
        articles=edit.articles,
        edit=edit,
    )
    return edit


async def rename_story(name: str, title: str, *, store: Store, now: datetime) -> StoryEdit:
    """Rename a story to ``title``. Raises ``InputError`` for an empty or very long title."""
    story, title = await _story(name, store), " ".join(title.split())
    if not title:
        raise InputError("A story needs a name", hint='Such as: wirebrief stories rename ID "Talks in Doha"')
    if len(title) > MAX_STORY_NAME_CHARS:
        raise InputError(
            f"The name has more than {MAX_STORY_NAME_CHARS} characters", hint="Give a shorter one"
        )
    edit = StoryEdit(
        id=derive_id("edt", now.isoformat(), story.id, title),
        at=now,
        verb=EditVerb.RENAME,
        story_id=story.id,
        was=story.title,
        now=title,
        scope=story.scope,
    )
    await store.story_edits.rename(story, title, edit=edit)
    return edit


async def list_contradictions(name: str, *, store: Store) -> tuple[Story, tuple[Contradiction, ...]]:
    """Return a story and its open contradictions. Raises ``InputError`` for an unknown story."""
    story = await _story(name, store)
    updates = (await store.updates.of([story.id], by=story.scope))[story.id]
    articles = await store.articles.revisions([key for update in updates for key, _ in update.articles])
    ledger, _ = await run_blocking(public_ledger, story.id, updates, articles)
    return story, ledger.contradictions


async def close_contradiction(name: str, number: int, *, store: Store, now: datetime) -> Contradiction:
    """Close the open contradiction ``number`` (from 1, as listed) of a story: it is shown again only with another answer.

    Raises ``InputError`` for an unknown number.
    """
    story, found = await list_contradictions(name, store=store)
    if not 1 <= number <= len(found):
        raise InputError(
            f"{story.id} has no open contradiction {number}",
            hint=f"List them with: wirebrief stories close {story.id}",
        )
    closed = found[number - 1]
    await store.updates.keep(
        StoryUpdate(
            id=derive_id("upd", "closed", story.id, now.isoformat(), closed.question),
            story_id=story.id,
            scope=story.scope,
            articles=(),
            as_of=now,
            made_at=now,
            written_by=Writer.EXTRACTS,
            closed=(closed,),
        ),
        read={side.citation.article_id for side in closed.sides},
    )
    return closed


async def list_articles(name: str, *, store: Store) -> tuple[Story, list[Article]]:
    """Return a story and the articles that can be split off it. Raises ``InputError`` for an unknown story."""
    story = await _story(name, store)
    return story, await articles_of(story, store=store)


async def articles_of(story: Story, *, store: Store) -> list[Article]:
    """Return the articles of ``story``, including private ones of channels, oldest first."""
    placed = await store.stories.why(story.id)
    return await store.articles.many([one.article_id for one in placed])


async def _story(name: str, store: Store) -> Story:
    found = await store.stories.named(name, by=None) if len(name) >= MIN_ID_PREFIX_CHARS else []
    if len(found) != 1:
        problem = "There is no story" if not found else f"{len(found)} stories or more begin with"
        raise InputError(f"{problem} {name!r}", hint=LIST)
    return found[0]


def _article(name: str, there: Sequence[Article], story: Story) -> Article:
    exact = [article for article in there if name in {article.id, article.url}]
    found = exact or [a for a in there if len(name) >= MIN_ID_PREFIX_CHARS and a.id.startswith(name)]
    if len(found) != 1:
        problem = "has no article" if not found else f"has {len(found)} articles that begin with"
        raise InputError(
            f"{story.id} {problem} {name!r}", hint=f"List them with: wirebrief stories split {story.id}"
        )
    return found[0]


def _whose(story: Story) -> str:
    return f"of {story.scope.whose}" if story.scope.whose else "of all readers"
