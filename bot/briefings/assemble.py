"""Assemble a briefing: number its sources, describe its coverage, set its mode. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.briefings.initials import spelled_out
from bot.language.similarity import is_copy
from bot.model.briefing import (
    Briefing,
    Checks,
    Coverage,
    Mode,
    OtherStory,
    Source,
    Statement,
    StoryAnnouncement,
    StoryBrief,
    Unchanged,
)
from bot.model.ids import derive_id
from bot.model.news import Article, Citation
from bot.model.story import Announcement, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class BelowStories:
    """The lists below the stories of a briefing."""

    watch: tuple[StoryAnnouncement, ...] = ()
    settled: tuple[StoryAnnouncement, ...] = ()
    unchanged: tuple[Unchanged, ...] = ()
    more: tuple[OtherStory, ...] = ()
    more_count: int = 0


def assemble(
    stories: tuple[StoryBrief, ...],
    *,
    title: str,
    channel: str,
    made_at: datetime,
    coverage: Coverage,
    articles: Mapping[tuple[str, int], Article],
    below: BelowStories | None = None,
    degraded: tuple[str, ...] = (),
    checks: Checks | None = None,
) -> Briefing:
    """Return the briefing of ``stories``; ``articles`` holds every cited ``(id, revision)``.

    Sources are numbered in reading order. Raises ``KeyError`` for a citation of an unknown article or
    sentence, because an unsupported line must never be sent.
    """
    below = below or BelowStories()
    cited = citations_of(stories, below)
    stories = tuple(spelled_out(brief, articles) for brief in stories)
    briefing = Briefing(
        id=briefing_id(channel, title, made_at),
        title=title,
        made_at=made_at,
        timezone=coverage.timezone,
        coverage=coverage,
        degraded=degraded,
        checks=checks or Checks(),
        stories=stories,
        more=below.more,
        more_count=below.more_count,
        watch=below.watch,
        settled=below.settled,
        unchanged=below.unchanged,
        sources=sources_of(cited, articles),
    )
    return replace(briefing, mode=_mode(briefing))


def without_copies(stories: Iterable[StoryBrief]) -> tuple[StoryBrief, ...]:
    """Return ``stories`` without bullets that repeat a line of an earlier story; a story keeps its last bullet."""
    lines: list[str] = []
    found = []
    for brief in stories:
        fresh = tuple(b for b in brief.bullets if not any(is_copy(b.text, line) for line in lines))
        kept = fresh or brief.bullets[:1]
        found.append(
            replace(brief, bullets=kept, changed=tuple(c for c in brief.changed if c in kept))
            if len(kept) < len(brief.bullets)
            else brief
        )
        lines += [b.text for b in brief.bullets] + ([brief.status.line] if brief.status else [])
    return tuple(found)


def sources_of(
    citations: Iterable[Citation], articles: Mapping[tuple[str, int], Article]
) -> tuple[Source, ...]:
    """Return the sources of ``citations``, numbered in their order; raises ``KeyError`` as ``assemble`` does."""
    cited: dict[tuple[str, int], set[int]] = {}
    for citation in citations:
        cited.setdefault((citation.article_id, citation.revision), set()).update(citation.sentences)
    return tuple(
        _source(articles[key], number=number, sentences=numbers)
        for number, (key, numbers) in enumerate(cited.items(), 1)
    )


def briefing_id(channel: str, title: str, made_at: datetime) -> str:
    """Return the id of the briefing that ``channel`` got at ``made_at``."""
    return derive_id("bri", channel, title, made_at.isoformat())


def citations_of(stories: Iterable[StoryBrief], below: BelowStories | None = None) -> Iterator[Citation]:
    """Yield every citation in reading order."""
    below = below or BelowStories()
    for brief in stories:
        yield from brief.headline.citations
        yield from _of_status(brief.status)
        yield from _of_status(brief.previous_status)
        for statement in (*brief.changed, *brief.bullets):
            yield from statement.citations
        if brief.background:
            yield from brief.background.citations
        for actor in brief.actors:
            yield actor.citation
            if actor.role_citation:
                yield actor.role_citation
        yield from (figure.citation for figure in brief.figures)
        yield from (claim.citation for issue in brief.disagreements for claim in issue.claims)
        yield from _of_announcements(brief.next)
    yield from _of_announcements(item.expectation for item in (*below.watch, *below.settled))
    for line in below.unchanged:
        yield from line.headline.citations
        yield from _of_status(line.status)
    for other in below.more:
        yield from other.headline.citations


def _of_status(status: Status | None) -> Iterator[Citation]:
    if status:
        yield status.citation


def _of_announcements(announcements: Iterable[Announcement]) -> Iterator[Citation]:
    for announcement in announcements:
        yield announcement.citation
        if announcement.settled_by:
            yield announcement.settled_by


def _mode(briefing: Briefing) -> Mode:
    if briefing.coverage.nothing_read:
        return Mode.NOTHING_READ
    if briefing.coverage.failures:
        return Mode.INCOMPLETE
    if briefing.degraded:
        return Mode.DEGRADED
    return Mode.NORMAL if briefing.has_news else Mode.QUIET


def _source(article: Article, *, number: int, sentences: set[int]) -> Source:
    return Source(
        number=number,
        article_id=article.id,
        revision=article.revision,
        outlet=article.outlet,
        title=article.title,
        url=article.url,
        author=article.author,
        published_at=article.published_at,
        date_source=article.date_source,
        utc_offset=article.utc_offset,
        text_source=article.text_source,
        text_note=article.text_note,
        correction=article.correction,
        originator=article.originator,
        sentences=tuple(article.sentence(n) for n in sorted(sentences)),
    )


def statements_of(brief: StoryBrief) -> tuple[Statement, ...]:
    """Return every line of ``brief``, to be stored as sent."""
    found = [brief.headline, *brief.bullets]
    if brief.status:
        found.append(Statement(text=brief.status.line, citations=(brief.status.citation,)))
    found += [Statement(text=f"{f.value} {f.counts}", citations=(f.citation,)) for f in brief.figures]
    found += [Statement(text=a.position, citations=(a.citation,)) for a in brief.actors if a.position]
    found += [Statement(text=e.what, citations=(e.citation,)) for e in brief.next]
    return tuple(found)
