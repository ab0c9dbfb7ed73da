"""A briefing's notices: above it, on corrections, and on its coverage. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.language.locale.phrases import ENGLISH, Phrases, phrases
from bot.model.briefing import (
    Briefing,
    Checks,
    Correction,
    Coverage,
    TranslatedLine,
    translated,
)
from bot.model.message import Message

MAX_CORRECTED_CHARS = 160  # characters of what was corrected


def notice(briefing: Briefing) -> str:
    """Return the sentence above an unusual briefing; empty for a normal one."""
    say, sentences = phrases(briefing.language), []
    if briefing.coverage.nothing_read:
        sentences.append(_nothing_read(briefing.coverage, say))
    elif briefing.coverage.failures:
        sentences.append(_blind(briefing.coverage, say))
    if briefing.degraded:
        sentences.append(say.degraded.format(why="; ".join(briefing.degraded)))
    if not (briefing.coverage.nothing_read or briefing.has_news):
        sentences.append(_quiet(briefing.coverage, say))
    return " ".join(sentences)


def _quiet(coverage: Coverage, say: Phrases) -> str:
    """Return that there is nothing to tell; that nothing changed only where it is known."""
    if coverage.unclear:
        return say.choose(coverage.unclear, say.quiet_unclear).format(count=say.number(coverage.unclear))
    followed = coverage.stories if coverage.followed is None else coverage.followed
    if not followed:
        return say.quiet_new
    return say.choose(followed, say.quiet).format(count=say.number(followed))


def correction_lines(briefing: Briefing) -> list[str]:
    """Return what was corrected since a briefing was made, one sentence each."""
    return [_correction(correction, briefing) for correction in briefing.corrections]


def correction_note(briefing: Briefing) -> Message:
    """Return the note on the last correction of a briefing, for its thread.

    Statements corrected at the same time are in one note.
    """
    briefing = translated(briefing)
    last = briefing.corrections[-1].at
    lines = [
        _correction(correction, briefing) for correction in briefing.corrections if correction.at == last
    ]
    return Message(title="Correction", dateline=briefing.title, notice=" ".join(lines), in_thread=True)


def _correction(correction: Correction, briefing: Briefing) -> str:
    say = phrases(briefing.language)
    at = correction.at.astimezone(ZoneInfo(briefing.timezone))
    day = "" if at.date() == made_at_local(briefing).date() else f"{say.short_date(at.date())} "
    was = (
        correction.was
        if len(correction.was) <= MAX_CORRECTED_CHARS
        else f"{correction.was[:MAX_CORRECTED_CHARS].rstrip()}…"
    )
    change = (say.replaced if correction.now else say.withdrawn).format(now=correction.now, was=was)
    return say.corrected.format(at=f"{day}{at:%H:%M}", change=change, why=correction.reason.rstrip("."))


def late_line(due: datetime, now: datetime, *, zone: str, language: str = "en") -> str:
    """Return the sentence above a briefing that comes after its time."""
    say, local = phrases(language), due.astimezone(ZoneInfo(zone))
    minutes = int((now - due).total_seconds() // 60)
    after = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
    return say.late.format(due=f"{say.short_date(local.date())} {local:%H:%M} {zone}", after=after)


def draft_line(delivery_id: str, *, channel: str, buttons: bool, language: str = "en") -> str:
    """Return the sentence above a draft; without ``buttons``, with what to type."""
    say = phrases(language)
    return (say.draft if buttons else say.draft_typed).format(channel=channel, id=delivery_id)


def _nothing_read(coverage: Coverage, say: Phrases) -> str:
    """Return that nothing was read, so that silence is not taken for a quiet day."""
    if coverage.no_feeds:
        return say.no_feeds
    if coverage.failures and len(coverage.failures) == coverage.feeds_due:
        feeds = say.count(coverage.feeds_due, say.feeds)
        return say.none_read.format(feeds=feeds, names=_failing(coverage, say))
    since = (coverage.since or coverage.until).astimezone(ZoneInfo(coverage.timezone))
    return say.not_read.format(start=f"{say.short_date(since.date())} {since:%H:%M}")


def _failing(coverage: Coverage, say: Phrases) -> str:
    names = ", ".join(f"{f.feed} ({f.reason.rstrip('.')})" for f in coverage.failures[:3])
    if len(coverage.failures) > 3:
        names = say.more.format(names=names, count=len(coverage.failures) - 3)
    return names


def _blind(coverage: Coverage, say: Phrases) -> str:
    names = _failing(coverage, say)
    feeds = say.count(coverage.feeds_due, say.feeds)
    return say.blind.format(failed=len(coverage.failures), feeds=feeds, names=names)


def coverage_line(
    coverage: Coverage,
    checks: Checks | None = None,
    *,
    translations: Sequence[TranslatedLine] = (),
    say: Phrases = ENGLISH,
) -> str:
    """Return the coverage of the briefing: feeds read and due, articles, stories, window, checked statements, and what was translated."""
    zone = ZoneInfo(coverage.timezone)
    window = ""
    if coverage.since:
        start, end = (
            f"{say.short_date(moment.date())} {moment:%H:%M}"
            for moment in (coverage.since.astimezone(zone), coverage.until.astimezone(zone))
        )
        window = say.window.format(start=start, end=end)
    due = coverage.feeds_due
    pieces = [
        say.choose(due, say.read).format(read=coverage.feeds_read, count=say.number(due)) if due else "",
        say.count(coverage.articles, say.articles),
        say.count(coverage.stories, say.stories),
        f"{window} {coverage.timezone}".strip() if window else "",
        _checked(checks, say) if checks and checks.statements else "",
        translated_mark(translations, say),
    ]
    return " · ".join(piece for piece in pieces if piece)


def translated_mark(translations: Sequence[TranslatedLine], say: Phrases) -> str:
    """Return that lines are translated, and from which languages: once for all of them; empty if none is."""
    if not translations:
        return ""
    languages = dict.fromkeys(line.language for line in translations)
    return say.translated.format(languages=", ".join(map(say.language_name, languages)))


def _checked(checks: Checks, say: Phrases) -> str:
    """Return what was checked, never "verified": numbers, names, dates and quotes against the cited sentences."""
    line = say.choose(checks.statements, say.checked).format(count=say.number(checks.statements))
    repaired = say.choose(checks.repaired, say.repaired).format(count=say.number(checks.repaired))
    removed = say.choose(checks.dropped, say.removed).format(count=say.number(checks.dropped))
    return ", ".join([line, *([repaired] if checks.repaired else []), removed])


def made_at_local(briefing: Briefing) -> datetime:
    """Return when ``briefing`` was made, in its own time zone."""
    return briefing.made_at.astimezone(ZoneInfo(briefing.timezone))
