"""Compare a page with what its channel may know already.

article ─┬─ its story ──▶ where that stands, what the page adds, what it contradicts
         ├─ its text ──▶ reprint of whom
         └─ its channel ──▶ when it was sent
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.flows.ingest.clustering.reprints import REPRINT_WINDOW
from bot.flows.link.against import against
from bot.flows.rules.reader import RulesReader
from bot.flows.story_timeline import read_timeline
from bot.language.outlets import outlets
from bot.language.sentences.split import squeezed
from bot.language.similarity import is_restated
from bot.model.briefing import Statement
from bot.model.news import Article
from bot.model.scope import SHARED, Scope
from bot.model.story import Disagreement, Status, Story
from bot.store import Store
from bot.updates.by_rules.sentences import standing_alone

MAX_COMPARED_ARTICLES = 25  # newest articles of a story that a page is compared with
MAX_PAGE_CHANGES = 4  # statements new on a page, and as many gone from it


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryComparison:
    """The comparison of a page with its story; ``articles`` are those that its statements cite apart from the page."""

    story_id: str = ""
    headline: str = ""
    status: Status | None = None
    adds: tuple[Statement, ...] = ()
    contradicts: tuple[Disagreement, ...] = ()
    known_since: datetime | None = None
    briefed_at: datetime | None = None
    story_sent_at: datetime | None = None
    reprint_of: str = ""
    credits: str = ""
    why: tuple[str, ...] = ()
    articles: tuple[Article, ...] = ()


async def compare_with_story(
    article: Article, *, store: Store, scope: Scope, now: datetime, timezone: str, rules: RulesReader
) -> StoryComparison:
    """Return the comparison of ``article``, which ``rules`` can read, with what the destination ``scope`` may read."""
    twin = await _same_page(article, store=store)
    same = {article.id, twin.id} if twin else {article.id}
    story_of = await store.stories.of_articles([article.id])
    found = await store.stories.get(list(story_of.values()), by=scope)
    if not found:
        return StoryComparison()  # forgotten in this very moment
    (story,) = found
    sent = (await store.briefings.sent_stories(scope.channel)).get(story.id)
    others = [a for a in await store.articles.many(story.article_ids) if a.id not in same]
    updates = (await store.updates.of([story.id], by=scope))[story.id]
    timeline = await read_timeline(story.id, updates, others, rules=rules)
    status = timeline.by(now, timezone=timezone).status
    newest = sorted(others, key=lambda a: a.sort_key)[-MAX_COMPARED_ARTICLES:]
    adds, contradicts = (await rules.read(against, [*newest, article], page=article.id)).found
    texts = await _same_text(article, same, store=store, scope=scope)
    cited = {claim.citation.article_id for issue in contradicts for claim in issue.claims}
    cited |= {status.citation.article_id} if status else set()
    return StoryComparison(
        story_id=story.id,
        headline=((sent.headline if sent else "") or story.title) if others or twin else "",
        status=status,
        adds=adds,
        contradicts=contradicts,
        known_since=twin.fetched_at if twin else (article.fetched_at if article.feed_id else None),
        briefed_at=await store.briefings.first_citing(scope.channel, {*same, *texts.ids}),
        story_sent_at=sent.sent_at if sent else None,
        reprint_of=texts.first,
        credits=article.originator if article.originator in outlets().agencies.values() else "",
        why=await _why(article, story, store=store),
        articles=tuple(other for other in others if other.id in cited),
    )


def page_changes(before: Article, after: Article) -> tuple[tuple[Statement, ...], tuple[str, ...]]:
    """Return the statements that are new on a page, and those that are gone."""
    old, new = [s.text for s in before.sentences], [s.text for s in after.sentences]
    # The whole as well: what was one sentence may be two by now, and says nothing new.
    was, now = squeezed(before.sentences), squeezed(after.sentences)
    added = [s for s in after.sentences if squeezed([s]) not in was and not is_restated(s.text, old)]
    gone = [s for s in before.sentences if squeezed([s]) not in now and not is_restated(s.text, new)]
    statements = tuple(
        Statement(text=extract.text, citations=(after.cite(sentence.number),))
        for sentence in added
        if (extract := standing_alone(after, sentence))
    )
    dropped = tuple(extract.text for s in gone if (extract := standing_alone(before, s)))
    return statements[:MAX_PAGE_CHANGES], dropped[:MAX_PAGE_CHANGES]


async def _same_page(article: Article, *, store: Store) -> Article | None:
    """Return the article of the same page that came by a shared feed."""
    links = await store.articles.links(article.id)
    known = await store.articles.known([("link", link) for link in links], SHARED)
    found = await store.articles.many({text.article_id for text in known.values()})
    return found[0] if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _SameText:
    """Who else printed a text: ids of the articles, and the originator of an earlier one."""

    ids: frozenset[str]
    first: str


async def _same_text(article: Article, same: Collection[str], *, store: Store, scope: Scope) -> _SameText:
    at = article.published_at
    copies = await store.texts.of_groups(
        [article.text_group], since=at - REPRINT_WINDOW, until=at + REPRINT_WINDOW, by=scope
    )
    texts = [text for text in copies if text.article_id not in same]
    # Nobody reprints himself: the other copy of a site's text is the same article at another address.
    earlier = [t for t in texts if t.published_at <= at and t.site != article.site]
    first = min(earlier, key=lambda t: (t.published_at, t.article_id), default=None)
    return _SameText(ids=frozenset(t.article_id for t in texts), first=first.originator if first else "")


async def _why(article: Article, story: Story, *, store: Store) -> tuple[str, ...]:
    placements = await store.stories.why(story.id)
    return next((p.why for p in placements if p.article_id == article.id), ())
