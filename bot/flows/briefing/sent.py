"""What a channel was sent: which announcements were resolved since, which revisions it is shown, what it knows after a briefing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.briefings.assemble import BelowStories, citations_of, statements_of
from bot.briefings.from_ledger import sent_ids
from bot.flows.briefing.gather import StoryContext
from bot.model.briefing import SentStory, StoryBrief, Watch
from bot.model.news import Article
from bot.model.scope import SHARED, Scope
from bot.model.story import Expectation, Outcome
from bot.store import Store


def resolved_announcements(
    contexts: Sequence[StoryContext], followed: Mapping[str, SentStory], headlines: Mapping[str, str]
) -> list[Watch]:
    """Return the announcements that the channel was sent and whose outcome is known since."""
    found = []
    for context in contexts:
        sent = followed.get(context.story.id)
        expected = {(e.what, e.due) for e in sent.expectations} if sent else set()
        for expectation in context.ledger.expectations:
            if expectation.outcome is not Outcome.OPEN and (expectation.what, expectation.due) in expected:
                story_id = context.story.id
                found.append(Watch(story_id=story_id, headline=headlines[story_id], expectation=expectation))
    return found


async def cited_revisions(
    store: Store,
    contexts: Sequence[StoryContext],
    stories: Sequence[StoryBrief],
    below: BelowStories,
) -> dict[tuple[str, int], Article]:
    """Return every cited revision: those at hand, and older ones that an earlier status rests on."""
    articles = {(a.id, a.revision): a for d in contexts for a in d.articles}
    for citation in citations_of(stories, below):
        key = (citation.article_id, citation.revision)
        if key not in articles:
            older = await store.articles.revision(*key)
            if older:
                articles[key] = older
    return articles


def sent_after(
    stories: Sequence[StoryBrief],
    contexts: Sequence[StoryContext],
    *,
    sent: Mapping[str, SentStory],
    settled: Sequence[Watch],
    watch: Sequence[Watch],
    now: datetime,
    by: Scope,
) -> list[SentStory]:
    """Return what the channel knows after this briefing of each story sent in it."""
    opened = {d.story.id: d for d in contexts}
    done = {(w.expectation.what, w.expectation.due) for w in settled}
    memory = []
    for brief in stories:
        before = sent.get(brief.story_id)
        statements = [*(before.statements if before else ()), *(s.text for s in statements_of(brief))]
        shown = {e.what for e in brief.next} | {w.expectation.what for w in watch}
        expected: Iterable[Expectation] = opened[brief.story_id].ledger.expectations
        own = any(a.scope != SHARED for a in opened[brief.story_id].articles)
        memory.append(
            SentStory(
                story_id=brief.story_id,
                told_at=now,
                status=brief.status or (before.status if before else None),
                headline=brief.headline.text,
                headline_citations=brief.headline.citations,
                statements=tuple(dict.fromkeys(statements)),
                facts=tuple(dict.fromkeys((*(before.facts if before else ()), *sent_ids(brief)))),
                sentences=tuple(
                    dict.fromkeys(
                        (
                            *(before.sentences if before else ()),
                            *(c for bullet in brief.bullets for c in bullet.citations),
                        )
                    )
                ),
                expectations=tuple(
                    e
                    for e in expected
                    if e.outcome is Outcome.OPEN and e.what in shown and (e.what, e.due) not in done
                ),
                by=by if own or (before and before.by != SHARED) else SHARED,
            )
        )
    return memory
