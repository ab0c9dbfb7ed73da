"""The state of a channel in words: briefings, next and last slots, feeds, problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.document.lines import short_date
from bot.chat.replies.last_ingest import IngestState, ingest_line, set_aside_lines
from bot.inline import in_words, moment_in_text
from bot.language.locale.en import counted
from bot.model.chat import Delivery, Length, QuietDay, State, Subscription
from bot.model.message import Action, Line, Message, Part
from bot.model.talk import Verb

SHOWN_FAILURES = 5
# The texts that people see; the reason of a draft already names its channel.
_ENDED = {
    State.DUE: "on its way",
    State.WRITTEN: "on its way",
    State.POSTING: "on its way",
    State.POSTED: "posted",
    State.AWAITING: "waits for its editors",
    State.SILENT: "not posted, nothing had changed",
    State.CANCELLED: "not posted, it was paused or ended before",
}
NEW = Action(verb=Verb.SUBSCRIBE, label="New briefing", style="primary")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionStatus:
    """One subscription with what it reads in words, its next slot and its last delivery."""

    subscription: Subscription
    about: str
    elsewhere: bool = False  # shown in another channel than its own
    due: datetime | None = None
    last: Delivery | None = None
    link: str = ""  # to the last briefing in its channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state of a place and of what it depends on; ``obstacles`` are sentences with what to do."""

    obstacles: tuple[str, ...]
    feeds: int
    failing: tuple[tuple[str, str], ...]  # title and why
    read_at: datetime | None
    model: str
    may: str  # what the asker may do
    ingest: IngestState = field(default_factory=IngestState)


def list_message(
    standings: Sequence[SubscriptionStatus], *, admin: bool, title: str = "Briefings here"
) -> Message:
    """Return the briefings of a place, each with its actions."""
    if not standings:
        text = "There is no briefing in this channel yet."
        hint = " Press New briefing, or type /brief subscribe." if admin else " An admin can add one."
        return Message(title=title, dateline="", notice=text + hint, actions=(NEW,) if admin else ())
    parts = tuple(
        _part(name, one, admin=admin) for name, one in zip(_names(standings), standings, strict=True)
    )
    return Message(title=title, dateline="", parts=parts, actions=(NEW,) if admin else ())


def _part(name: str, one: SubscriptionStatus, *, admin: bool) -> Part:
    return Part(title=name, lines=tuple(_lines(one)), actions=_actions(one.subscription) if admin else ())


def status_message(standings: Sequence[SubscriptionStatus], health: Health, *, zone: str) -> Message:
    """Return whether all is well in a place, and what to do about each problem."""
    lines = [Line(label="To do", text=obstacle) for obstacle in health.obstacles]
    if not health.obstacles:
        lines.append(Line(label="Permissions", text="complete"))
    here = [line for s in standings for line in _lines(s, named=False)]
    if not standings:
        here = [Line(text="There is no briefing in this channel.")]
    read = f"last read {moment_line(health.read_at, zone)}" if health.read_at else "not read yet"
    feeds = [Line(label="Feeds", text=f"{health.feeds:,}, {read}")]
    feeds += [Line(label="Fails", lead=name, text=why) for name, why in health.failing[:SHOWN_FAILURES]]
    if len(health.failing) > SHOWN_FAILURES:
        feeds.append(Line(label="Fails", text=f"and {len(health.failing) - SHOWN_FAILURES} more feeds"))
    ended = ingest_line(health.ingest, moment=lambda at: moment_line(at, zone))
    feeds.append(Line(label="Last ingest", text=ended))
    feeds += [Line(label="Set aside", text=line) for line in set_aside_lines(health.ingest)]
    feeds.append(Line(label="Model", text=health.model))
    feeds.append(Line(label="You", text=health.may))
    bad = len(health.obstacles) + len(health.failing) + health.ingest.failed
    return Message(
        title="No problems" if not bad else "There are problems",
        dateline="",
        parts=(
            Part(title="This channel", lines=tuple(lines)),
            Part(title="Briefings", lines=tuple(here)),
            Part(title="Feeds and model", lines=tuple(feeds)),
        ),
    )


def home_message(
    standings: Sequence[SubscriptionStatus],
    health: Health,
    *,
    step: tuple[str, tuple[Action, ...]],
    admin: bool,
) -> Message:
    """Return the Home tab: the next step, the briefings that the asker may see, their slots, and the health of feeds."""
    listed = list_message(standings, admin=admin, title="Your briefings")
    rest = Part(
        title="Health",
        lines=(
            Line(text=health_line(health)),
            *(Line(label="To do", text=obstacle) for obstacle in health.obstacles),
        ),
    )
    text, leading = step
    if health.feeds and health.obstacles:
        text = "Not every briefing can be posted: see “To do” below."
    actions: dict[tuple[Verb, str], Action] = {}
    leading = tuple(a for a in leading if a.verb is not Verb.LIST)  # they are listed here
    new = (replace(NEW, style=""),) if admin and standings else ()
    for action in (*leading, *new, Action(verb=Verb.HELP, label="Help")):
        actions.setdefault((action.verb, action.subject), action)
    return Message(
        title=listed.title,
        dateline="",
        notice=text,
        parts=(*listed.parts, rest),
        actions=tuple(actions.values()),
    )


def health_line(health: Health) -> str:
    """Return the health of reading and posting in one line."""
    if not health.feeds:
        return "No feed is read."
    feeds = counted(health.feeds, "feed")
    if health.failing:
        named = ", ".join(name for name, _ in health.failing[:SHOWN_FAILURES])
        left = len(health.failing) - SHOWN_FAILURES
        more = f" and {left:,} more" if left > 0 else ""
        return f"{len(health.failing):,} of {feeds} cannot be read now: {named}{more}."
    return f"{feeds} read." if health.obstacles else f"All is well: {feeds} read."


def _names(standings: Sequence[SubscriptionStatus]) -> list[str]:
    """Return a name for each, numbered if there are several, so that their buttons can be distinguished."""
    names = [s.subscription.title or s.subscription.when for s in standings]
    return names if len(names) == 1 else [f"{number}. {name}" for number, name in enumerate(names, 1)]


def _lines(status: SubscriptionStatus, *, named: bool = True) -> list[Line]:
    """Return the state of a subscription, with its name unless it is ``named`` above."""
    one = status.subscription
    lines = [Line(label="Where", text=one.channel.shown)] if status.elsewhere else []
    lines += [Line(label="Name", text=one.title)] if one.title and not named else []
    # One without a title is called by its times.
    lines += [Line(label="When", text=one.when)] if one.title or not named else []
    lines.append(Line(label="Covers", text=status.about))
    unusual = [f"{one.length} briefings"] if one.length is not Length.STANDARD else []
    unusual += ["posts nothing when nothing changed"] if one.quiet_day is QuietDay.SILENT else []
    lines += [Line(label="Format", text=", ".join(unusual))] if unusual else []
    if one.paused:
        lines.append(Line(label="Paused", text=one.paused))
    elif status.due:
        lines.append(Line(label="Next", text=moment_line(status.due, one.zone)))
    if status.last:
        text = delivery_line(status.last, zone=one.zone)
        lines.append(Line(label="Last", text=in_words(text) if status.link else text, url=status.link))
    return lines


def delivery_line(delivery: Delivery, *, zone: str) -> str:
    """Return how a scheduled delivery ended, and why."""
    when = moment_line(delivery.due_at, zone)
    return f"{when}, {_ENDED.get(delivery.state) or delivery.status}"


def _actions(one: Subscription) -> tuple[Action, ...]:
    pause_or_resume = (
        Action(verb=Verb.RESUME, label="Resume", subject=one.id, style="primary")
        if one.paused
        else Action(verb=Verb.PAUSE, label="Pause", subject=one.id)
    )
    return (
        Action(verb=Verb.EDIT, label="Change", subject=one.id),
        Action(verb=Verb.TEST, label="Send one now", subject=one.id),
        pause_or_resume,
        Action(verb=Verb.UNSUBSCRIBE, label="Unsubscribe", subject=one.id, style="danger"),
    )


def moment_line(moment: datetime, zone: str) -> str:
    """Return a time for a sentence: in the reader's zone if the platform knows it, else in ``zone``."""
    local = moment.astimezone(ZoneInfo(zone))
    offset = f"{local:%z}"
    words = f"{short_date(local.date())} {local:%H:%M} {zone} (UTC{offset[:3]}:{offset[3:]})"
    return moment_in_text(moment, words)
