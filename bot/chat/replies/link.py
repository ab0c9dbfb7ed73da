"""The message of a pasted link: what its page says, compared with the stored stories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.document.claims import according_to
from bot.chat.document.lines import DocumentLines, lines_with, long_date, short_date
from bot.inline import moment_in_text
from bot.language.locale.en import counted
from bot.language.locale.phrases import ENGLISH, Phrases
from bot.model.briefing import Statement
from bot.model.conversation.link import LinkBrief
from bot.model.message import Action, Line, Message, Part
from bot.model.talk import Verb
from bot.urls import web_host

MAX_CARD_LINES = 2  # of what is new


def link_message(brief: LinkBrief, *, say: Phrases = ENGLISH) -> Message:
    """Return ``brief`` as lines; times are shown in the reader's time zone, where none is known in its own."""
    zone = ZoneInfo(brief.timezone)
    if brief.brief is None:
        return Message(
            title=f"Link: {_host(brief.url)}", dateline=_time(brief.asked_at, zone), notice=brief.failure
        )
    words = lines_with(brief.sources, zone=zone, today=brief.asked_at.astimezone(zone).date(), say=say)
    parts = [Part(title="What it says", stories=(words.story(brief.brief),))]
    if brief.reread:
        parts.append(Part(title="Changed on the page", lines=tuple(_changed(brief, words))))
    parts.append(Part(title="Compared with the archive", lines=tuple(_context(brief, words))))
    return Message(
        title=f"Link: {brief.outlet or _host(brief.url)}",
        dateline=_dated(brief, zone),
        notice=" ".join(_notices(brief, zone)),
        parts=tuple(part for part in parts if part.stories or part.lines),
        sources=brief.sources,
        actions=_actions(brief),
    )


def failed_links_message(briefs: Sequence[LinkBrief]) -> Message:
    """Return the message on links that could not be read, each with the reason; a single one looks like other links."""
    if len(briefs) == 1:
        return link_message(briefs[0])
    counts = Counter((_host(brief.url), brief.failure) for brief in briefs)
    lines = tuple(
        Line(lead=f"{count} × {host}" if count > 1 else host, text=failure)
        for (host, failure), count in counts.items()
    )
    return Message(
        title="Links",
        dateline="",
        notice=f"{len(briefs)} of the links could not be read.",
        parts=(Part(title="Not read", lines=lines),),
    )


def link_card(brief: LinkBrief, *, say: Phrases = ENGLISH) -> Message:
    """Return ``brief`` in short: outlet, headline, and in two lines what is new in it; a button shows the rest."""
    if brief.brief is None:
        return link_message(brief, say=say)
    zone = ZoneInfo(brief.timezone)
    words = lines_with(brief.sources, zone=zone, today=brief.asked_at.astimezone(zone).date(), say=say)
    page = words.story(brief.brief)
    news = tuple(_news(brief, words))[:MAX_CARD_LINES]
    cited = {cite.source for line in (page.headline, *news) for cite in line.cites}
    host = _host(brief.url)
    outlet = f"{brief.outlet} ({host})" if brief.outlet and brief.outlet.casefold() != host else host
    return Message(
        title=page.headline.text,
        dateline=f"{outlet} · {_dated(brief, zone)}",
        notice=" ".join(_notices(brief, zone)),
        parts=(Part(title="", lines=news),),
        sources=tuple(source for source in brief.sources if source.number in cited),
        actions=(
            Action(verb=Verb.DETAILS, label="More", subject=brief.id, style="primary"),
            *_actions(brief),
        ),
    )


def _news(brief: LinkBrief, words: DocumentLines) -> Iterator[Line]:
    """Yield what is new, the most important first."""
    for issue in brief.contradicts:
        claims = "; ".join(f"{claim.text} ({claim.by})" for claim in issue.claims)
        cites = words.cites([claim.citation for claim in issue.claims])
        yield Line(label=f"Differs on {issue.issue}", text=claims, cites=cites)
    if brief.reread:
        yield from _changed(brief, words)
    elif not brief.story_headline:
        yield Line(label="New", text="no stored story matches it")
        assert brief.brief  # noqa: S101 - a page that could not be read has no card
        yield from words.story(brief.brief).bullets[:1]
    elif brief.adds:
        yield from (_line("New", statement, words) for statement in brief.adds)
    else:
        yield Line(label="Nothing new", text=f"to the story “{brief.story_headline}”")


def _notices(brief: LinkBrief, zone: ZoneInfo) -> Iterator[str]:
    if brief.stored:
        yield f"Read {_time(brief.read_at, zone)}, {_age(brief)} ago; type “link fresh URL” to read it again."
    if brief.note:
        yield brief.note
    if brief.reprint_of:
        yield f"A reprint: {brief.reprint_of} wrote it first."
    elif brief.credits not in {"", brief.outlet}:
        yield f"The page credits {brief.credits}."
    if brief.degraded:
        yield f"Degraded: quoted from the page, {brief.degraded}."


def _context(brief: LinkBrief, words: DocumentLines) -> Iterator[Line]:
    zone = words.zone
    if brief.story_headline:
        yield Line(label="Story", text=brief.story_headline)
    else:
        yield Line(label="Story", text="no stored story")
    if brief.story_status:
        status = brief.story_status
        yield Line(
            label="Status",
            lead=words.say.stands(status),
            text=status.line + according_to(status.said_by, beside=status.line, say=words.say),
            cites=words.cites([status.citation]),
        )
    if brief.story_sent_at:
        yield Line(label="Story last sent here", text=_time(brief.story_sent_at, zone))
    if brief.known_since:
        yield Line(label="Article in a feed since", text=_time(brief.known_since, zone))
    if brief.briefed_at:
        yield Line(label="Article sent here", text=_time(brief.briefed_at, zone))
    for source in brief.sources:
        if source.correction:
            yield Line(label="Publisher's note", text=source.correction)
    if brief.story_headline and not brief.adds:
        yield Line(label="New", text="nothing for this story")
    if brief.story_headline:
        yield from (_line("New", statement, words) for statement in brief.adds)
    for issue in brief.contradicts:
        for claim in issue.claims:
            yield Line(
                label=f"Differs on {issue.issue}",
                lead=claim.by,
                text=claim.text,
                cites=words.cites([claim.citation]),
            )


def _changed(brief: LinkBrief, words: DocumentLines) -> Iterator[Line]:
    if not brief.page_changes and not brief.page_dropped:
        yield Line(text="nothing since it was last read")
    yield from (_line("New", statement, words) for statement in brief.page_changes)
    yield from (Line(label="Removed", text=text) for text in brief.page_dropped)


def _line(label: str, statement: Statement, words: DocumentLines) -> Line:
    text = words.dated(statement.text, statement.citations)
    return Line(label=label, text=text, cites=words.cites(statement.citations))


def _actions(brief: LinkBrief) -> tuple[Action, ...]:
    if not brief.story_id:
        return ()
    return (
        Action(verb=Verb.STORY, label="Timeline", subject=brief.story_id),
        Action(verb=Verb.FOLLOW, label="Follow", subject=brief.story_id),
    )


def _dated(brief: LinkBrief, zone: ZoneInfo) -> str:
    if brief.published_at is None:
        return "undated"
    local = brief.published_at.astimezone(zone)
    return moment_in_text(brief.published_at, f"{long_date(local)}, {local:%H:%M} {brief.timezone}")


def _age(brief: LinkBrief) -> str:
    minutes = max(0, int((brief.asked_at - brief.read_at).total_seconds() // 60))
    for size, one in ((1440, "day"), (60, "hour")):
        if minutes >= size:
            return counted(minutes // size, one)
    return f"{minutes} min"


def _time(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return moment_in_text(moment, f"{short_date(local.date())} {local:%H:%M} {zone.key}")


def _host(url: str) -> str:
    return web_host(url) or "a link"
