"""Word a briefing for readers: the one place where its lines get their labels, notices and counts.

    Briefing ──to_message──▶ Message ──▶ console | page | chat platforms

All wording that readers see beside the news itself is here, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.model.briefing import Briefing, Checks, Correction, Coverage, Section, StoryBrief, Watch, Writer
from bot.model.message import Cite, Line, Message, Part, StoryBlock
from bot.model.news import Citation
from bot.model.story import Actor, Corroboration, Expectation, Outcome, Status, Support

MOST_QUOTED = 160  # characters of what was corrected


def to_message(briefing: Briefing, *, late: str = "") -> Message:
    """Return ``briefing`` as lines; times are shown in its own time zone, ``late`` stands above all."""
    numbers = {(s.article_id, s.revision): s.number for s in briefing.sources}
    words = Words(numbers=numbers, zone=ZoneInfo(briefing.timezone), today=_local(briefing).date())
    parts = [
        Part(title=title, stories=tuple(words.story(s) for s in briefing.stories if s.section is section))
        for section, title in ((Section.CHANGED, "Changed"), (Section.NEW, "New"))
    ]
    parts += [
        Part(title="Watch today", lines=tuple(words.watch(item) for item in briefing.watch)),
        Part(title="Announced earlier", lines=tuple(words.settled(item) for item in briefing.settled)),
        Part(title=f"Unchanged ({len(briefing.unchanged)})", lines=tuple(words.unchanged(briefing))),
    ]
    return Message(
        title=briefing.title,
        dateline=f"{long_date(_local(briefing))}, {_local(briefing):%H:%M} {briefing.timezone}",
        notice=" ".join(
            sentence for sentence in (*correction_lines(briefing), late, notice(briefing)) if sentence
        ),
        parts=tuple(part for part in parts if part.stories or part.lines),
        coverage=coverage_line(briefing.coverage, briefing.checks),
        sources=briefing.sources,
    )


def notice(briefing: Briefing) -> str:
    """Return the honest sentence above an unusual briefing; empty for a normal one."""
    sentences = []
    if briefing.coverage.failures:
        sentences.append(_blind(briefing.coverage))
    if briefing.degraded:
        reasons = "; ".join(briefing.degraded)
        sentences.append(f"Degraded: stories told in the articles' own sentences, {reasons}.")
    if not (briefing.stories or briefing.watch or briefing.settled):
        followed = _count(briefing.coverage.stories, "story you follow", "stories you follow")
        sentences.append(f"Quiet: no material change in the {followed}.")
    return " ".join(sentences)


def correction_lines(briefing: Briefing) -> list[str]:
    """Return what was corrected since a briefing was made, one sentence each."""
    return [_correction(mended, briefing) for mended in briefing.corrections]


def correction_note(briefing: Briefing) -> Message:
    """Return what tells the readers of an amended briefing of its last correction, in its thread."""
    return Message(
        title="Correction", dateline=briefing.title, notice=correction_lines(briefing)[-1], in_thread=True
    )


def _correction(mended: Correction, briefing: Briefing) -> str:
    at = mended.at.astimezone(ZoneInfo(briefing.timezone))
    day = "" if at.date() == _local(briefing).date() else f"{short_date(at.date())} "
    was = mended.was if len(mended.was) <= MOST_QUOTED else f"{mended.was[:MOST_QUOTED].rstrip()}…"
    change = f"“{mended.now}” in the place of “{was}”" if mended.now else f"“{was}” is withdrawn"
    return f"Corrected {day}{at:%H:%M}: {change} ({mended.reason.rstrip('.')})."


def late_line(due: datetime, now: datetime, *, zone: str) -> str:
    """Return the sentence above a briefing that comes after its time."""
    local = due.astimezone(ZoneInfo(zone))
    minutes = int((now - due).total_seconds() // 60)
    hours = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
    return f"Late: due {short_date(local.date())} {local:%H:%M} {zone}, posted {hours} after."


def _blind(coverage: Coverage) -> str:
    names = ", ".join(f"{f.feed} ({f.reason.rstrip('.')})" for f in coverage.failures[:3])
    more = f" and {len(coverage.failures) - 3} more" if len(coverage.failures) > 3 else ""
    blind = f"{len(coverage.failures)} of {_count(coverage.feeds_due, 'feed', 'feeds')} could not be read"
    return f"Partly blind: {blind}: {names}{more}."


def coverage_line(coverage: Coverage, checks: Checks | None = None) -> str:
    """Return what the briefing rests on: feeds read of due, articles, stories, window, statements checked."""
    zone = ZoneInfo(coverage.timezone)
    window = ""
    if coverage.since:
        start, end = coverage.since.astimezone(zone), coverage.until.astimezone(zone)
        window = f"{short_date(start.date())} {start:%H:%M} to {short_date(end.date())} {end:%H:%M}"
    feeds = f"{coverage.feeds_read} of {_count(coverage.feeds_due, 'feed', 'feeds')} read"
    pieces = [
        feeds if coverage.feeds_due else "",
        _count(coverage.articles, "article", "articles"),
        _count(coverage.stories, "story", "stories"),
        f"{window} {coverage.timezone}".strip() if window else "",
        _checked(checks) if checks and checks.statements else "",
    ]
    return " · ".join(piece for piece in pieces if piece)


def _checked(checks: Checks) -> str:
    """Return what was checked, never "verified": numbers, names, dates and quotes against the cited sentences."""
    line = f"{_count(checks.statements, 'statement', 'statements')} checked against the cited sentences"
    mended = f", {checks.repaired} mended" if checks.repaired else ""
    return f"{line}{mended}, {checks.dropped} dropped"


def support_line(corroboration: Corroboration) -> str:
    """Return how a story is attested, in words; reprints of one text are not counted twice."""
    names = corroboration.originators
    if corroboration.support is Support.CONFIRMED:
        line = f"{len(names)} independent sources: {', '.join(names[:4])}"
    else:
        line = f"{corroboration.support.value.capitalize()}{': ' + names[0] if names else ''}"
    reprints = corroboration.reprints
    return line + (f" (and {_count(reprints, 'reprint', 'reprints')})" if reprints else "")


def according_to(claimant: str, *, beside: str = "") -> str:
    """Return who claims a thing, to stand behind it; empty where nobody does or the text ``beside`` names him."""
    return f" (according to {claimant})" if claimant and claimant.lower() not in beside.lower() else ""


def long_date(day: datetime | date) -> str:
    """Return such as "Tuesday 8 July 2025"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_date(day: date) -> str:
    """Return such as "Tue 8 July"."""
    return f"{day:%a} {day.day} {day:%B}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Turns the values of one document into lines; ``numbers`` are those of its sources."""

    numbers: dict[tuple[str, int], int]
    zone: ZoneInfo
    today: date

    def story(self, brief: StoryBrief) -> StoryBlock:
        """Return one story as a reader meets it."""
        changed = brief.previous_status is not None
        return StoryBlock(
            story_id=brief.story_id,
            headline=Line(text=brief.headline.text, cites=self.cites(brief.headline.citations)),
            chip=_chip(brief),
            changed=changed,
            status=tuple(self._status(brief)),
            bullets=tuple(Line(text=b.text, cites=self.cites(b.citations)) for b in brief.bullets),
            actors=tuple(self.actor(actor) for actor in brief.actors),
            figures=tuple(
                Line(
                    lead=f.value,
                    text=f.counts + according_to(f.claimant),
                    cites=self.cites([f.citation]),
                )
                for f in brief.figures
            ),
            disagreements=tuple(
                Line(lead=claim.by, text=claim.text, label=issue.issue, cites=self.cites([claim.citation]))
                for issue in brief.disagreements
                for claim in issue.claims
            ),
            next=tuple(self.expectation(e) for e in brief.next),
            unknown=tuple(Line(text=question) for question in brief.unknown),
            footer=" · ".join(
                piece
                for piece in (
                    support_line(brief.corroboration),
                    "extracts" if brief.writer is Writer.EXTRACTS else "",
                    brief.why,
                )
                if piece
            ),
        )

    def actor(self, actor: Actor) -> Line:
        """Return who, and what they say or do."""
        lead = f"{actor.name} ({actor.role})" if actor.role else actor.name
        text = actor.position
        if actor.previous_position:
            text = f"{text} (earlier: {actor.previous_position})"
        citations = [actor.citation, *([actor.role_citation] if actor.role_citation else [])]
        return Line(lead=lead, text=text, cites=self.cites(citations))

    def expectation(self, expectation: Expectation) -> Line:
        """Return what is announced for when, and by whom."""
        when = expectation.when
        if expectation.due:
            when = short_date(expectation.due)
            if expectation.due_end and expectation.due_end != expectation.due:
                when = f"{when} to {short_date(expectation.due_end)}"
        who = f" (announced by {expectation.announced_by})" if expectation.announced_by else ""
        return Line(lead=when, text=expectation.what + who, cites=self.cites([expectation.citation]))

    def watch(self, item: Watch) -> Line:
        """Return what is announced for today."""
        line = self.expectation(item.expectation)
        return Line(lead=item.headline, text=line.text, cites=line.cites)

    def settled(self, item: Watch) -> Line:
        """Return what became of an announcement."""
        expectation = item.expectation
        citations = [expectation.citation, *([expectation.settled_by] if expectation.settled_by else [])]
        word = (
            "announced, no report found" if expectation.outcome is Outcome.NO_REPORT else expectation.outcome
        )
        return Line(lead=str(word), text=expectation.what, cites=self.cites(citations))

    def unchanged(self, briefing: Briefing) -> Iterator[Line]:
        """Yield the stories without a change, each with how long it stands so."""
        for item in briefing.unchanged:
            state = ""
            if item.status:
                days = (self.today - item.status.since.astimezone(self.zone).date()).days
                state = f" — {item.status.state}" + (
                    f", unchanged for {_count(days, 'day', 'days')}" if days else ""
                )
            yield Line(text=item.headline.text + state, cites=self.cites(item.headline.citations))

    def cites(self, citations: Iterable[Citation]) -> tuple[Cite, ...]:
        """Return the numbers of the sources cited."""
        merged: dict[int, set[int]] = {}
        for citation in citations:
            number = self.numbers[citation.article_id, citation.revision]
            merged.setdefault(number, set()).update(citation.sentences)
        return tuple(Cite(source=n, sentences=tuple(sorted(s))) for n, s in merged.items())

    def _status(self, brief: StoryBrief) -> Iterator[Line]:
        if brief.previous_status and brief.status:
            yield self._status_line(brief.previous_status, label="Was")
            yield self._status_line(brief.status, label="Now")
        elif brief.status:
            yield self._status_line(brief.status, label="Status")

    def _status_line(self, status: Status, *, label: str) -> Line:
        text = status.line + according_to(status.said_by, beside=status.line)
        return Line(label=label, text=text, cites=self.cites([status.citation]))


def _local(briefing: Briefing) -> datetime:
    return briefing.made_at.astimezone(ZoneInfo(briefing.timezone))


def _chip(brief: StoryBrief) -> str:
    if brief.status is None:
        return ""
    if brief.previous_status and brief.previous_status.state != brief.status.state:
        return f"{brief.previous_status.state} → {brief.status.state}"
    return brief.status.state


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
