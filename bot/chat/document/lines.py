"""The lines of a document: each value of a briefing, an answer or a story in words, with its sources. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.chat.document.announced import due_words, outcome_words
from bot.chat.document.claims import according_to, announced_by, before_full_stop, words_of
from bot.kinds.carried import is_label, says_state
from bot.language.dates.current_year import without_current_year
from bot.language.dates.passed import has_passed
from bot.language.dates.resolve import with_dates
from bot.language.locale.phrases import ENGLISH, Phrases
from bot.language.question_language import line_language
from bot.language.similarity import is_copy
from bot.model.briefing import (
    Briefing,
    Section,
    Source,
    Statement,
    StoryAnnouncement,
    StoryBrief,
    Unchanged,
    Writer,
)
from bot.model.message import Cite, Line, StoryBlock, merged
from bot.model.news import Citation
from bot.model.story import Actor, Announcement, Corroboration, Status, StorySupport
from bot.model.update import Phase

MAX_NAMED_SOURCES = 4  # independent sources named; more are counted
MAX_NAMED_OTHERS = 5  # stories named that did not fit; more are counted
DATED_FROM_DAYS = 7  # days between two statuses from which the earlier one is shown with its day
MAX_DAYS_BEHIND = 1  # days up to which an older status is shown, with its day, beside later news
_HAPPENED = (Phase.DECIDED.value, Phase.AFTERMATH.value, Phase.OVER.value)


def support_line(corroboration: Corroboration, *, say: Phrases = ENGLISH) -> str:
    """Return the corroboration of a story in words; reprints of one text are counted once."""
    names = corroboration.originators
    if corroboration.support is StorySupport.CONFIRMED:
        shown = ", ".join(names[:MAX_NAMED_SOURCES])
        if len(names) > MAX_NAMED_SOURCES:
            shown = say.more.format(names=shown, count=len(names) - MAX_NAMED_SOURCES)
        line = say.independent.format(count=len(names), names=shown)
    else:
        support = say.word(corroboration.support.value)
        line = f"{support[:1].upper()}{support[1:]}"
        if names:
            claimed = corroboration.support is StorySupport.ONE_PARTY
            line = say.claimed_by.format(support=line, outlet=names[0]) if claimed else f"{line}: {names[0]}"
    reprints = corroboration.reprints
    if not reprints:
        return line
    return f"{line} ({say.with_reprints.format(reprints=say.count(reprints, say.reprints))})"


def long_date(day: date) -> str:
    """Return such as "Tuesday 8 July 2025"."""
    return ENGLISH.long_date(day)


def short_date(day: date) -> str:
    """Return such as "Tue 8 July"."""
    return ENGLISH.short_date(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLines:
    """Turns the values of one document into lines; ``numbers`` are those of its sources, ``days`` the ones they were written on.

    ``offsets`` are the minutes by which the clocks of the sources are east of UTC.
    """

    numbers: Mapping[tuple[str, int], int]
    days: Mapping[tuple[str, int], date] = field(default_factory=dict)
    offsets: Mapping[tuple[str, int], int] = field(default_factory=dict)
    zone: ZoneInfo
    today: date
    say: Phrases = ENGLISH

    def dated(self, text: str, citations: Iterable[Citation]) -> str:
        """Return ``text`` with dates added to the days that it names, resolved from the days of its sources; with the year if it is another one."""
        text = without_current_year(text, today=self.today)
        keys = {(c.article_id, c.revision) for c in citations}
        if not keys <= self.days.keys():
            return text
        written = {self.days[key] for key in keys}
        return with_dates(text, written=written, today=self.today, language=line_language(text) or "en")

    def story(self, brief: StoryBrief) -> StoryBlock:
        """Return one story as a reader sees it."""
        changed = brief.previous_status is not None
        outdated = self._outdated(brief)
        return StoryBlock(
            story_id=brief.story_id,
            headline=self._statement(brief.headline),
            chip="" if outdated and not brief.feature else _chip(brief, self.say),
            changed=changed,
            known=brief.section is Section.CHANGED,
            status=tuple(self._status(brief, outdated=outdated)),
            bullets=tuple(self._bullets(brief)),
            actors=tuple(self.actor(actor) for actor in brief.actors),
            figures=tuple(
                Line(
                    lead=f.value,
                    text=f.counts + according_to(f.claimant, say=words_of(f.counts, self.say)),
                    cites=self.cites([f.citation]),
                )
                for f in brief.figures
            ),
            disagreements=tuple(
                Line(
                    lead="" if claim.by.lower() in claim.text.lower() else claim.by,
                    text=self.dated(claim.text, [claim.citation]),
                    label=issue.issue.rstrip("?"),  # it is followed by a colon
                    cites=self.cites([claim.citation]),
                )
                for issue in brief.disagreements
                for claim in issue.claims
            ),
            next=tuple(self.announcement(e) for e in brief.next),
            unknown=tuple(Line(text=question) for question in brief.unknown),
            footer=" · ".join(
                piece
                for piece in (
                    support_line(brief.corroboration, say=self.say),
                    self.say.quoted if brief.writer is Writer.EXTRACTS else "",
                    # That all of a new story is new goes without saying; the reasons have no words in other languages yet.
                    brief.why if self.say is ENGLISH and brief.section is Section.CHANGED else "",
                )
                if piece
            ),
        )

    def actor(self, actor: Actor) -> Line:
        """Return an actor, with what they say or do."""
        text = self.dated(actor.position, [actor.citation])
        # "Ida Renn (mayor): Mayor Ida Renn said" has it twice.
        said = actor.name in text and re.search(rf"(?<!\w){re.escape(actor.role)}(?!\w)", text, re.IGNORECASE)
        lead = f"{actor.name} ({actor.role})" if actor.role and not said else actor.name
        if actor.previous_position:
            text = f"{text} ({self.say.earlier_position.format(position=actor.previous_position)})"
        citations = [actor.citation, *([actor.role_citation] if actor.role_citation else [])]
        return Line(lead=lead, text=text, cites=self.cites(citations))

    def announcement(self, announcement: Announcement) -> Line:
        """Return an announcement with its day and its announcer."""
        when = due_words(
            announcement, said=self._day_of(announcement.citation), today=self.today, say=self.say
        )
        by = announcement.announced_by
        who = announced_by(by, beside=announcement.what, say=self.say)
        what = self.dated(announcement.what, [announcement.citation])
        return Line(lead=when, text=what + who, cites=self.cites([announcement.citation]))

    def _day_of(self, citation: Citation) -> date | None:
        return self.days.get((citation.article_id, citation.revision))

    def watch(self, item: StoryAnnouncement) -> Line:
        """Return what is announced for today, followed by its story, which may be about something else by now.

        If it lasts or may come on several days, they come first.
        """
        line = self.announcement(item.expectation)
        story = f" · {item.headline}" if item.headline else ""
        lead = line.lead if item.expectation.due_end not in {None, item.expectation.due} else ""
        return replace(line, lead=lead, text=before_full_stop(line.text, story))

    def outcome(self, item: StoryAnnouncement) -> Line:
        """Return the outcome of an announcement."""
        announcement = item.expectation
        citations = [announcement.citation, *([announcement.settled_by] if announcement.settled_by else [])]
        what = self.dated(announcement.what, [announcement.citation])
        return Line(
            text=before_full_stop(what, f" — {outcome_words(announcement, today=self.today, say=self.say)}"),
            cites=self.cites(citations),
        )

    def unchanged(self, briefing: Briefing) -> Iterator[Line]:
        """Yield the unchanged stories, each with how long it has been so."""
        for item in briefing.unchanged:
            stands: list[str] = []
            if item.status:
                days = (self.today - self._stands_since(item, item.status)).days
                stands += filter(None, [_label(item.status, item.headline.text, self.say)])
                if days:
                    stands.append(self.say.unchanged_for.format(days=self.say.count(days, self.say.days)))
            state = f" — {', '.join(stands)}" if stands else ""
            line = self._statement(item.headline)
            yield replace(line, text=line.text + state)

    def _stands_since(self, item: Unchanged, status: Status) -> date:
        """Return the day to compare with: that of the last briefing with the story, or that of its status if this is later."""
        day = status.as_of.astimezone(self.zone).date()
        sent = item.last_sent_at
        return max(day, sent.astimezone(self.zone).date()) if sent else day

    def others(self, briefing: Briefing) -> Iterator[Line]:
        """Yield the names of stories that did not fit, and how many more there are."""
        named = briefing.more[:MAX_NAMED_OTHERS]
        for other in named:
            yield self._statement(other.headline)
        if named and briefing.more_count > len(named):
            left = briefing.more_count - len(named)
            yield Line(text=self.say.choose(left, self.say.unnamed).format(count=self.say.number(left)))

    def cites(self, citations: Iterable[Citation]) -> tuple[Cite, ...]:
        """Return the numbers of the sources cited."""
        return merged(
            Cite(source=self.numbers[c.article_id, c.revision], sentences=c.sentences) for c in citations
        )

    def _bullets(self, brief: StoryBrief) -> Iterator[Line]:
        quoted = brief.writer is Writer.EXTRACTS
        for said in brief.bullets:
            if quoted and is_copy(said.text, brief.headline.text):
                continue  # the one sentence of a story that no title names
            line = self._statement(said)
            claim = according_to(said.said_by, beside=said.text, say=self.say)
            text = before_full_stop(line.text, claim)
            yield replace(line, text=text, importance=said.importance)
        if brief.background:
            yield replace(self._statement(brief.background), label=self.say.background)

    def _statement(self, said: Statement) -> Line:
        return Line(text=self.dated(said.text, said.citations), cites=self.cites(said.citations))

    def _outdated(self, brief: StoryBrief) -> bool:
        """Return whether the facts of a story are of a later day than its status, which is then shown with its day."""
        return self._days_behind(brief) > 0

    def _outlived(self, brief: StoryBrief) -> bool:
        """Tell whether the status is days older than the facts beside it, and the channel was sent it with the news of its time."""
        return brief.section is Section.CHANGED and self._days_behind(brief) > MAX_DAYS_BEHIND

    def _days_behind(self, brief: StoryBrief) -> int:
        """Return by how many days the newest fact is later than the status, 0 where that is not known."""
        cited = (citation for line in brief.bullets for citation in line.citations)
        days = [day for c in cited if (day := self._day_of(c))]
        return (max(days) - self._own_day(brief.status)).days if brief.status and days else 0

    def _own_day(self, status: Status) -> date:
        """Return the day of ``status`` by the clock of its source, as the days of other lines are."""
        cited = status.citation.article_id, status.citation.revision
        return (status.as_of + timedelta(minutes=self.offsets.get(cited, 0))).date()

    def _status(self, brief: StoryBrief, *, outdated: bool) -> Iterator[Line]:
        if brief.previous_status and brief.status:
            # What happened is still true: only a state that went on "was".
            happened = brief.previous_status.phase in _HAPPENED
            was = self._status_line(
                brief.previous_status, label=self.say.before if happened else self.say.was
            )
            days = (brief.status.as_of - brief.previous_status.as_of).days
            yield self._as_of(was, brief.previous_status) if days >= DATED_FROM_DAYS else was
            yield self._status_line(brief.status, label=self.say.now)
        elif brief.status and not (
            brief.writer is Writer.EXTRACTS or self._outlived(brief) or self._has_passed(brief.status)
        ):
            # A quoted one is a title or a first sentence, which says the news and seldom where it stands.
            line = self._status_line(brief.status, label=self.say.status)
            yield self._as_of(line, brief.status) if outdated else line

    def _has_passed(self, status: Status) -> bool:
        """Tell whether ``status`` says what will happen on a day that has passed: "expected to land on Sunday"."""
        return has_passed(status.line, written=self._own_day(status), today=self.today)

    def _as_of(self, line: Line, status: Status) -> Line:
        """Return ``line`` with the day of its ``status``, unless it says that."""
        day = status.as_of.astimezone(self.zone).date()
        if re.search(rf"(?<!\d){day.day}(?!\d)", line.text):
            return line
        as_of = self.say.as_of.format(day=self.say.days_between(day, day, today=self.today))
        return replace(line, text=before_full_stop(line.text, f" ({as_of})"))

    def _status_line(self, status: Status, *, label: str) -> Line:
        text = self.dated(status.line, [status.citation])
        text += according_to(status.said_by, beside=status.line, say=self.say)
        return Line(label=label, text=text, cites=self.cites([status.citation]))


def lines_with(
    sources: Iterable[Source], *, zone: ZoneInfo, today: date, say: Phrases = ENGLISH
) -> DocumentLines:
    """Return the line writer of a document that cites ``sources``, read on ``today`` in ``zone``."""
    known = {(s.article_id, s.revision): s for s in sources}
    return DocumentLines(
        numbers={key: source.number for key, source in known.items()},
        days={key: day for key, source in known.items() if (day := source.own_day)},
        offsets={key: source.utc_offset for key, source in known.items()},
        zone=zone,
        today=today,
        say=say,
    )


def _went_on(before: Status, now: Status) -> bool:
    """Tell whether ``now`` is a state that can follow the one ``before``: one of another kind or of an earlier phase does not.

    What comes after the outcome, reactions and the like, is no step either.
    """
    order = [phase.value for phase in Phase]
    if before.kind != now.kind or now.phase == Phase.AFTERMATH.value:
        return False
    known = before.phase in order and now.phase in order
    return not known or order.index(now.phase) >= order.index(before.phase)


def _chip(brief: StoryBrief, say: Phrases) -> str:
    """Return the label of a story: the state it is in, behind the one it was in; empty where it says no more than the headline."""
    status, before = brief.status, brief.previous_status
    if brief.feature:
        return say.feature
    state = _label(status, brief.headline.text, say) if status else ""
    if not (status and before and state and before.state and is_label(before.kind, before.state)):
        return state
    # "In talks → under way" would go from more to less, and two phases tell little.
    moved = before.state_or_phase != status.state_or_phase and _went_on(before, status)
    return f"{say.stands(before)} → {state}" if moved else state


def _label(status: Status, headline: str, say: Phrases) -> str:
    """Return the word for where a story stands: its state, if the line of ``status`` or the ``headline`` says so, too; else nothing.

    A phase alone tells a reader little, and a state that its line does not say is often that of another matter: of 13 on pages that
    were not used for tuning, 5 were confirmed by their line and right; of the other 8 six were wrong.
    """
    if not status.state or not is_label(status.kind, status.state):
        return ""
    # The words of states are English.
    is_said = not say.locale.startswith("en") or says_state(
        status.kind, status.state, f"{status.line}. {headline}"
    )
    return say.stands(status) if is_said else ""
