"""What a channel was sent: announcements resolved since, revisions it is shown, and what is sent after a briefing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.briefings.assemble import BelowStories, citations_of, statements_of
from bot.briefings.memory import sent_ids
from bot.flows.briefing.context import StoryContext
from bot.model.briefing import SentStory, StoryAnnouncement, StoryBrief
from bot.model.news import Article
from bot.model.scope import SHARED, Scope
from bot.model.story import Announcement, Outcome
from bot.store import Store
from bot.stories.announcements import read_on
from bot.stories.reported import may_report

MAX_UNREPORTED_AGE = timedelta(days=10)  # age of a day without a report up to which this is reported
MAX_OUTCOME_SENTENCES = 120  # of an article, for what may report an announcement


def resolved_announcements(
    contexts: Sequence[StoryContext],
    followed: Mapping[str, SentStory],
    headlines: Mapping[str, str],
    *,
    today: date,
) -> list[StoryAnnouncement]:
    """Return the announcements that the channel was sent and that have an outcome since.

    Without an outcome by ``today``, one is reported as open as soon as an article arrived after its day.
    """
    found = []
    for context in contexts:
        sent = followed.get(context.story.id)
        expected = {_name(e) for e in sent.expectations} if sent else set()
        for announcement in read_on(context.ledger, today=today).expectations:
            if _has_outcome(announcement, context, today=today) and _name(announcement) in expected:
                story_id = context.story.id
                found.append(
                    StoryAnnouncement(
                        story_id=story_id, headline=headlines[story_id], expectation=announcement
                    )
                )
    return found


def _has_outcome(announcement: Announcement, context: StoryContext, *, today: date) -> bool:
    """Return whether an outcome is known, or articles after the day exist of which none may report one.

    Days long past are no longer checked.
    """
    if announcement.outcome is not Outcome.NO_REPORT:
        return announcement.outcome is not Outcome.OPEN
    last = announcement.due_end or announcement.due or date.max
    after = [article for article in context.articles if article.own_day > last]
    if today - last > MAX_UNREPORTED_AGE:
        return False
    first = announcement.due or last
    since = [article for article in context.articles if article.own_day >= first]
    return bool(after) and not any(may_report(announcement.what, _other_text(a, announcement)) for a in since)


def _other_text(article: Article, announcement: Announcement) -> str:
    """Return the text of ``article`` without the sentence that announced it."""
    said = article.sentences[:MAX_OUTCOME_SENTENCES]
    return " ".join(s.text for s in said if article.cite(s.number) != announcement.citation)


async def cited_revisions(
    store: Store,
    contexts: Sequence[StoryContext],
    stories: Sequence[StoryBrief],
    below: BelowStories,
) -> dict[tuple[str, int], Article]:
    """Return every cited revision: the loaded ones, and older ones that an earlier status cites."""
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
    settled: Sequence[StoryAnnouncement],
    watch: Sequence[StoryAnnouncement],
    now: datetime,
    by: Scope,
) -> list[SentStory]:
    """Return what the channel was sent, after this briefing, of each story in it."""
    opened = {d.story.id: d for d in contexts}
    memory = []
    for brief in stories:
        before = sent.get(brief.story_id)
        context = opened[brief.story_id]
        statements = [*(before.statements if before else ()), *(s.text for s in statements_of(brief))]
        own = any(a.scope != SHARED for a in context.articles)
        memory.append(
            SentStory(
                story_id=brief.story_id,
                sent_at=now,
                # A feature describes no event whose status could change, so it is not listed again.
                status=(None if brief.feature else brief.status) or (before.status if before else None),
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
                expectations=_expected(
                    context,
                    before,
                    shown=(*brief.next, *_of(brief.story_id, watch)),
                    settled=_of(brief.story_id, settled),
                    now=now,
                ),
                before=before.before if before else None,
                by=by if own or (before and before.by != SHARED) else SHARED,
            )
        )
    story_ids = {brief.story_id for brief in stories}
    # An outcome is reported once, also on a day without other news of its story.
    for story_id in dict.fromkeys(w.story_id for w in (*settled, *watch)):
        before = sent.get(story_id)
        if before and story_id not in story_ids and story_id in opened:
            expected = _expected(
                opened[story_id], before, shown=_of(story_id, watch), settled=_of(story_id, settled), now=now
            )
            memory.append(replace(before, expectations=expected))
    return memory


def _of(story_id: str, items: Sequence[StoryAnnouncement]) -> tuple[Announcement, ...]:
    return tuple(w.expectation for w in items if w.story_id == story_id)


def _expected(
    context: StoryContext,
    before: SentStory | None,
    *,
    shown: Sequence[Announcement],
    settled: Sequence[Announcement],
    now: datetime,
) -> tuple[Announcement, ...]:
    """Return the announcements sent to the channel, now or ``before``, without an outcome.

    It is kept, whatever else of the story is sent, until its outcome is sent or it is no longer known;
    one that was moved stays with its new day.
    """
    known = {_name(e): e for e in context.ledger.expectations}
    waiting = {_name(e) for e in (*(before.expectations if before else ()), *shown)}
    moved = {what for what, due in waiting if (what, due) not in known}
    left = waiting - {_name(e) for e in settled}
    found = [
        e for name, e in known.items() if name in left or (e.what in moved and e.outcome is Outcome.OPEN)
    ]
    return (*found, *_of_others(context, before, now=now))


def _of_others(context: StoryContext, before: SentStory | None, *, now: datetime) -> Iterator[Announcement]:
    """Yield what was announced by articles that are not in ``context``: another subscription of the channel reads them.

    It asks nobody for their outcome longer than a missing report is told.
    """
    ours = {a.id for a in context.articles}
    for one in before.expectations if before else ():
        last = one.due_end or one.due
        if one.citation.article_id not in ours and (last is None or now.date() - last <= MAX_UNREPORTED_AGE):
            yield one


def _name(one: Announcement) -> tuple[str, date | None]:
    return one.what, one.due
