"""Catch up: what changed in this channel's stories since a time, or since the asker last looked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.blocking import run_blocking
from bot.briefings.assemble import sources_of
from bot.briefings.known import headline_of, status_changed, unchanged_line
from bot.chat.replies.catchup import CatchupStory, catchup_message, cited_beside, cited_in
from bot.errors import InputError
from bot.flows.briefing.gather import followed
from bot.flows.requests.context import RequestContext
from bot.flows.requests.quotes import quotes_of
from bot.flows.rules.reader import RulesReader
from bot.flows.story_timeline import StoryTimeline, story_timelines
from bot.language.dates.since import read_since
from bot.language.intents import time_in_english
from bot.language.locale.phrases import phrases
from bot.model.briefing import Source, Unchanged
from bot.model.conversation.reader import Want
from bot.model.news import Citation
from bot.model.scope import readable
from bot.model.story import Course
from bot.stories.course import MAX_COURSE_CHARS, MAX_COURSE_LINES, course_since, next_announced
from bot.stories.quoted import MAX_QUOTES_CHARS, quoted_days, seen_since

FIRST_CATCHUP_SPAN = timedelta(days=1)  # how far back the first catch-up goes
MAX_CATCHUP_SPAN = timedelta(days=60)
MAX_READING_DELAY = timedelta(days=1)  # between the publication of an article and its reading
MAX_CATCHUP_STORIES = 3000  # stories, the newest
MAX_LEDGERS = 150  # stories whose ledgers are read, those that were sent here first
MAX_SHOWN_STORIES = 8  # stories shown; the others are counted
MAX_COURSES_CHARS = 5_000  # characters of the courses of all stories together


async def catchup(context: RequestContext) -> None:
    """Show what changed since a time, or since the asker last looked here."""
    zone = await context.zone()
    words = context.request.words.strip()
    asked = read_since(time_in_english(words), now=context.at, zone=zone) if words else None
    if words and asked is None:
        raise InputError(
            f"“{words[:60]}” is not a time in the past",
            hint="Write it like: since yesterday, 3 days, Monday, 2025-07-03 or 7:30",
        )
    looked = await context.store.conversations.look(
        context.destination, context.request.asker.id, at=context.at, scope=context.scope
    )
    since = max(asked or looked or context.at - FIRST_CATCHUP_SPAN, context.at - MAX_CATCHUP_SPAN)
    changed, timelines = await _changed_stories(context, since=since, zone=zone)
    shown = [
        await with_quotes(
            one,
            timelines[one.story_id],
            rules=context.services.rules,
            since=since,
            at=context.at,
            zone=zone,
            most_chars=_most_chars(timelines, since=since),
        )
        for one in changed[:MAX_SHOWN_STORIES]
    ]
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


async def _changed_stories(
    context: RequestContext, *, since: datetime, zone: str
) -> tuple[list[CatchupStory], Mapping[str, StoryTimeline]]:
    """Return the stories whose ledgers have something new since, those that moved and that were sent here first, and the timelines of all."""
    choices = await context.store.readers.choices(context.destination)
    sent = await context.store.briefings.sent_stories(context.destination)
    muted = {story_id for story_id, choice in choices.items() if choice.want is Want.MUTE}
    recent = await context.store.stories.titles(
        since - MAX_READING_DELAY, by=context.scope, most=MAX_CATCHUP_STORIES
    )
    already_sent = [story_id for story_id in recent if story_id in sent]
    ids = [i for i in dict.fromkeys((*already_sent, *recent)) if i not in muted][:MAX_LEDGERS]
    stories = await context.store.stories.get(ids, by=context.scope)
    timelines = await story_timelines(
        stories,
        store=context.store,
        at=context.at,
        by=context.scope,
        since=since,
        rules=context.services.rules,
    )
    found = []
    for story in stories:
        headline = (sent[story.id].headline if story.id in sent else "") or story.title
        one = await run_blocking(
            story_since,
            timelines[story.id],
            headline=headline,
            since=since,
            at=context.at,
            zone=zone,
            most_chars=_most_chars(timelines, since=since),
        )
        if one:
            found.append(one)
    found.sort(key=lambda one: (one.was is None, one.story_id not in sent, not one.new, -one.weight))
    return found, timelines


def _most_chars(timelines: Mapping[str, StoryTimeline], *, since: datetime) -> int:
    """Return how many characters each story may have where these share the answer."""
    moved = sum(timeline.moved(since) for timeline in timelines.values())
    return min(MAX_COURSE_CHARS, MAX_COURSES_CHARS // min(max(1, moved), MAX_SHOWN_STORIES))


def story_since(
    timeline: StoryTimeline,
    *,
    headline: str,
    since: datetime,
    at: datetime,
    zone: str,
    most_chars: int = MAX_COURSE_CHARS,
) -> CatchupStory | None:
    """Return how a story developed between ``since`` and ``at``, the end of its ``timeline``; None if nothing is new.

    ``headline`` is used if no update of a model has one.
    """
    if not timeline.moved(since):
        return None
    course = (
        _course(timeline, since=since, at=at, zone=zone, most_chars=most_chars) if timeline.read else None
    )
    if course is None:
        return _by_rules(timeline, headline=headline, since=since, at=at, zone=zone)
    name = timeline.now.ledger.headline if timeline.now else None
    return CatchupStory(
        story_id=timeline.story_id,
        headline=name.text if name else headline,
        new=course.began,
        was=course.first if course.last and not course.began else None,
        now=course.last or course.first,
        rows=(),
        course=course,
    )


def _course(
    timeline: StoryTimeline, *, since: datetime, at: datetime, zone: str, most_chars: int
) -> Course | None:
    """Return how a story went that a model read, None where its status is not known."""
    if timeline.now is None:
        return None
    today = at.astimezone(ZoneInfo(zone)).date()
    return course_since(
        timeline.now.ledger, timeline.now.public, since=since, today=today, most_chars=most_chars
    )


def _by_rules(
    timeline: StoryTimeline, *, headline: str, since: datetime, at: datetime, zone: str
) -> CatchupStory | None:
    """Return a story by its status from rules, None if there is nothing new."""
    fresh = tuple(row for row in timeline.rows if row.recorded_at > since)
    if not any(row.value for row in fresh):  # the kind of a story alone is not news
        return None
    known, now = timeline.by(since, timezone=zone).status, timeline.by(at, timezone=zone)
    return CatchupStory(
        story_id=timeline.story_id,
        headline=headline,
        new=len(fresh) == len(timeline.rows),
        was=known if status_changed(now.status, known) else None,
        now=now.status,
        rows=fresh,
        announced=next_announced(now.expectations, today=at.astimezone(ZoneInfo(zone)).date()),
    )


async def with_quotes(
    entry: CatchupStory,
    timeline: StoryTimeline,
    *,
    rules: RulesReader,
    since: datetime,
    at: datetime,
    zone: str,
    most_chars: int = MAX_QUOTES_CHARS,
) -> CatchupStory:
    """Return ``entry`` with the most important sentences of its articles since, if no model read it."""
    if entry.course:
        return entry
    statuses = [status for status in (entry.was, entry.now) if status]
    seen = seen_since(timeline.revisions, since=since, at=at)
    reading = await rules.read(quotes_of, seen, zone=ZoneInfo(zone))
    quoted = await run_blocking(
        quoted_days,
        reading.found,
        said=" ".join(status.line for status in statuses),
        most_days=MAX_COURSE_LINES - len(statuses) - (entry.announced is not None),
        most_chars=min(most_chars, MAX_QUOTES_CHARS),
    )
    return replace(entry, quoted=quoted, announced=entry.announced if quoted else None)


async def _unchanged_stories(context: RequestContext, *, changed: Collection[str]) -> list[Unchanged]:
    """Return the stories that the channel was sent lately or follows, of which nothing is new: the latest sent first."""
    sent = await context.store.briefings.sent_stories(context.destination)
    choices = await context.store.readers.choices(context.destination)
    muted = {story_id for story_id, choice in choices.items() if choice.want is Want.MUTE}
    ours = followed(sent, tuple(choices.values()), at=context.at)
    return [
        line
        for known in sorted(ours.values(), key=lambda known: known.sent_at, reverse=True)
        if known.story_id not in {*changed, *muted}
        and readable(known.by, by=context.scope)
        and (name := headline_of(known))
        and (line := unchanged_line(known, None, otherwise=name))
    ]


def _citations(one: CatchupStory) -> Iterable[Citation]:
    if one.course:
        yield from cited_in(one.course)
    yield from (status.citation for status in (one.was, one.now) if status)
    yield from (citation for row in one.rows for citation in row.citations)
    yield from cited_beside(one)
