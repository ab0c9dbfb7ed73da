"""Catch up: where this channel's stories stand after a time away, since a moment or since the asker last looked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.blocking import run_blocking
from bot.briefings.assemble import sources_of
from bot.briefings.known import headline_of, status_changed, unchanged_line
from bot.chat.replies.catchup import CatchupStory, catchup_message, cited_beside, cited_in
from bot.errors import InputError
from bot.flows.briefing.gather import followed
from bot.flows.ingest.update_ledgers import ledger_rows
from bot.flows.requests.context import RequestContext
from bot.language.dates.since import read_since
from bot.language.locale.phrases import phrases
from bot.model.briefing import Source, Unchanged
from bot.model.news import Article, Citation
from bot.model.reader import Want
from bot.model.scope import readable
from bot.model.story import LedgerEntry, Story
from bot.model.update import StoryUpdate
from bot.store import Store
from bot.stories.course import MAX_CHARS as MAX_COURSE_CHARS
from bot.stories.course import MAX_LINES, course_since, next_announced
from bot.stories.history import ledger_at
from bot.stories.quoted import MAX_CHARS as MAX_QUOTED_CHARS
from bot.stories.quoted import quoted_days, seen_since
from bot.stories.view import public_ledger

FIRST_LOOK_BACK = timedelta(days=1)  # how far back the first look goes
MAX_LOOK_BACK = timedelta(days=60)
MAX_STORIES = 3000  # stories, the newest
MAX_LEDGERS = 150  # whose ledgers are read, those sent here first
MAX_SHOWN_STORIES = 8  # stories told; the others are counted
MAX_CHARS = 5_000  # characters of the courses of all stories together


async def catchup(context: RequestContext) -> None:
    """Say what changed since a moment, or since the asker last looked here."""
    zone = await context.zone()
    words = context.request.words.strip()
    asked = read_since(words, now=context.at, zone=zone) if words else None
    if words and asked is None:
        raise InputError(
            f"“{words[:60]}” is no time that has been",
            hint="Write it like: since yesterday, 3 days, Monday, 2025-07-03 or 7:30",
        )
    looked = await context.store.conversations.look(
        context.destination, context.request.asker.id, at=context.at, scope=context.scope
    )
    since = max(asked or looked or context.at - FIRST_LOOK_BACK, context.at - MAX_LOOK_BACK)
    changed = await _changed_stories(context, since=since, zone=zone)
    shown = changed[:MAX_SHOWN_STORIES]
    still = await _unchanged_stories(context, changed={one.story_id for one in changed})
    cited = {citation.article_id for one in shown for citation in _citations(one)}
    cited |= {citation.article_id for line in still for citation in line.headline.citations}
    articles = await context.store.articles.revisions(cited)
    known = {(a.id, a.revision): a for a in articles}
    # What rested on an article that was removed since is not named.
    still = [
        line for line in still if all((c.article_id, c.revision) in known for c in line.headline.citations)
    ]

    def sources(citations: Iterable[Citation]) -> tuple[Source, ...]:
        return sources_of(citations, known)

    await context.reply(
        catchup_message(
            shown,
            still,
            since=since,
            at=context.at,
            timezone=zone,
            left=len(changed) - len(shown),
            sources=sources,
            say=phrases(context.language),
        )
    )


async def _changed_stories(context: RequestContext, *, since: datetime, zone: str) -> list[CatchupStory]:
    """Return the stories whose ledgers have something new since, those that moved and that were sent here first."""
    choices = await context.store.readers.choices(context.destination)
    sent = await context.store.briefings.sent_stories(context.destination)
    muted = {story_id for story_id, choice in choices.items() if choice.want is Want.MUTE}
    # An article may be read a while after it was published: look a day further back than the ledgers are asked.
    recent = await context.store.stories.titles(since - FIRST_LOOK_BACK, by=context.scope, most=MAX_STORIES)
    already_sent = [story_id for story_id in recent if story_id in sent]
    ids = [i for i in dict.fromkeys((*already_sent, *recent)) if i not in muted][:MAX_LEDGERS]
    stories = await context.store.stories.get(ids, by=context.scope)
    rows = await ledger_rows(stories, store=context.store, timezone=zone, by=context.scope)
    updates = await context.store.updates.of(ids, by=context.scope)
    moved = sum(
        any(since < one.made_at <= context.at for one in updates[story.id])
        or any(since < row.recorded_at <= context.at for row in rows[story.id])
        for story in stories
    )
    most_chars = min(MAX_COURSE_CHARS, MAX_CHARS // min(max(1, moved), MAX_SHOWN_STORIES))
    found = []
    for story in stories:
        headline = (sent[story.id].headline if story.id in sent else "") or story.title
        read = [update for update in updates[story.id] if update.made_at <= context.at]
        one = await story_since(
            story,
            read,
            rows[story.id],
            headline=headline,
            store=context.store,
            since=since,
            at=context.at,
            zone=zone,
            most_chars=most_chars,
        )
        if one:
            found.append(one)
    return sorted(
        found, key=lambda one: (one.was is None, one.story_id not in sent, not one.new, -one.weight)
    )


async def story_since(
    story: Story,
    updates: Sequence[StoryUpdate],
    rows: tuple[LedgerEntry, ...],
    *,
    headline: str,
    store: Store,
    since: datetime,
    at: datetime,
    zone: str,
    most_chars: int = MAX_COURSE_CHARS,
) -> CatchupStory | None:
    """Return what became of ``story`` between ``since`` and ``at``: by its ``updates``, else by the ``rows`` that rules kept.

    None where there is nothing new. ``headline`` names it where no update does.
    """
    read = await _read_story(
        story, updates, headline=headline, store=store, since=since, at=at, zone=zone, most_chars=most_chars
    )
    if read:
        return read
    told = _of_story(story, rows, headline=headline, since=since, at=at, zone=zone)
    if told is None:
        return None
    revisions = await store.articles.revisions(story.article_ids)
    return await run_blocking(_quoted, told, revisions, rows, since, at, ZoneInfo(zone), most_chars)


async def _read_story(
    story: Story,
    updates: Sequence[StoryUpdate],
    *,
    headline: str,
    store: Store,
    since: datetime,
    at: datetime,
    zone: str,
    most_chars: int,
) -> CatchupStory | None:
    """Return how a story went, None where no model read it since, or its status is not known."""
    if not any(update.made_at > since for update in updates):
        return None
    revisions = await store.articles.revisions(story.article_ids)
    articles = [a for a in revisions if a.fetched_at <= at]
    ledger, public = await run_blocking(public_ledger, story.id, updates, articles)
    today = at.astimezone(ZoneInfo(zone)).date()
    course = course_since(ledger, public, since=since, today=today, most_chars=most_chars)
    if course is None:
        return None
    return CatchupStory(
        story_id=story.id,
        headline=ledger.headline.text if ledger.headline else headline,
        new=course.began,
        was=course.first if course.last and not course.began else None,
        now=course.last or course.first,
        rows=(),
        course=course,
    )


def _quoted(
    told: CatchupStory,
    revisions: Sequence[Article],
    rows: Sequence[LedgerEntry],
    since: datetime,
    at: datetime,
    zone: ZoneInfo,
    most_chars: int,
) -> CatchupStory:
    """Return ``told`` with what its articles since say that matters most, and what is announced."""
    today = at.astimezone(zone).date()
    announced = next_announced(ledger_at(told.story_id, rows, at=at, today=today).expectations, today=today)
    statuses = [status for status in (told.was, told.now) if status]
    quoted = quoted_days(
        seen_since(revisions, since=since, at=at),
        said=" ".join(status.line for status in statuses),
        zone=zone,
        most_days=MAX_LINES - len(statuses) - (announced is not None),
        most_chars=min(most_chars, MAX_QUOTED_CHARS),
    )
    return replace(told, quoted=quoted, announced=announced) if quoted else told


async def _unchanged_stories(context: RequestContext, *, changed: Collection[str]) -> list[Unchanged]:
    """Return the stories that the channel was sent lately or follows, of which nothing is new: the latest sent first."""
    sent = await context.store.briefings.sent_stories(context.destination)
    choices = await context.store.readers.choices(context.destination)
    muted = {story_id for story_id, choice in choices.items() if choice.want is Want.MUTE}
    ours = followed(sent, tuple(choices.values()), at=context.at)
    return [
        line
        for known in sorted(ours.values(), key=lambda known: known.told_at, reverse=True)
        if known.story_id not in {*changed, *muted}
        and readable(known.by, by=context.scope)
        and (name := headline_of(known))
        and (line := unchanged_line(known, None, otherwise=name))
    ]


def _of_story(
    story: Story,
    rows: tuple[LedgerEntry, ...],
    *,
    headline: str,
    since: datetime,
    at: datetime,
    zone: str,
) -> CatchupStory | None:
    fresh = tuple(row for row in rows if since < row.recorded_at <= at)
    if not any(row.value for row in fresh):  # of what kind a story is tells nothing
        return None
    new = len(fresh) == len(rows)
    local = ZoneInfo(zone)
    then = ledger_at(story.id, rows, at=since, today=since.astimezone(local).date()).status
    now = ledger_at(story.id, rows, at=at, today=at.astimezone(local).date()).status
    return CatchupStory(
        story_id=story.id,
        headline=headline,
        new=new,
        was=then if status_changed(now, then) else None,
        now=now,
        rows=fresh,
    )


def _citations(one: CatchupStory) -> Iterable[Citation]:
    if one.course:
        yield from cited_in(one.course)
    yield from (status.citation for status in (one.was, one.now) if status)
    yield from (citation for row in one.rows for citation in row.citations)
    yield from cited_beside(one)
