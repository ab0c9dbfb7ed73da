"""The message of one story: status, timeline, actors, announcements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.document.claims import according_to
from bot.chat.document.lines import DocumentLines, lines_with
from bot.chat.document.notices import translated_mark
from bot.chat.replies.timeline import Moment, facts, marked, timeline
from bot.language.locale.en import counted
from bot.language.locale.phrases import ENGLISH, Phrases
from bot.model.briefing import Source, TranslatedLine, in_translation, printed_texts
from bot.model.conversation.reader import Want
from bot.model.message import Action, Line, Message, Part
from bot.model.news import STATED_DATES, Citation
from bot.model.story import Ledger, LedgerEntry, Outcome
from bot.model.talk import Verb

MAX_TIMELINE_LINES = 12  # the newest
MAX_LINES_PER_KIND = 6

Sources = Callable[[Iterable[Citation]], tuple[Source, ...]]
"""Numbers the sources of citations, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPage:
    """The content of a story's page."""

    story_id: str
    headline: str
    ledger: Ledger
    rows: tuple[LedgerEntry, ...]
    articles: int
    at: datetime
    timezone: str
    want: Want | None = None  # what the channel chose
    translations: tuple[TranslatedLine, ...] = ()  # of its lines, into the language of the reader


def story_message(page: StoryPage, *, sources: Sources, say: Phrases = ENGLISH) -> Message:
    """Return ``page`` as lines, each with its sources, and in its translation where it has one."""
    shown = frozenset(printed_texts(page))
    mark = translated_mark([line for line in page.translations if line.original in shown], say)
    page = in_translation(page, page.translations)
    sections = [(title, moments) for title, moments in _sections(page, say) if moments]
    status = page.ledger.status
    cited = [status.citation] if status else []
    cited += [citation for _, moments in sections for m in moments for citation in m.citations]
    numbered = sources(cited)
    zone = ZoneInfo(page.timezone)
    words = lines_with(numbered, zone=zone, today=page.at.astimezone(zone).date(), say=say)
    undated = {(s.article_id, s.revision) for s in numbered if s.date_source not in STATED_DATES}
    parts = [
        Part(title=title, lines=tuple(_line(m, words) for m in marked(moments, undated, say=say)))
        for title, moments in sections
    ]
    if status:
        text = words.dated(status.line, [status.citation])
        text += according_to(status.said_by, beside=status.line, say=say)
        status_line = Line(label="Status", text=text, cites=words.cites([status.citation]))
        parts.insert(
            0,
            Part(
                title=f"{say.word(status.kind)}: {say.stands(status)}"
                if status.state_or_phase
                else "Where it stands",
                lines=(status_line,),
            ),
        )
    state = say.stands(status) if status else ""
    day = say.short_date(status.since.astimezone(zone).date()) if status else ""
    since = f"{say.since.format(state=state, day=day)} · " if state else ""
    count = counted(page.articles, "article")
    return Message(
        title=page.headline,
        dateline=" · ".join(filter(None, (f"{since}{count}", mark))),
        notice=_chosen(page.want),
        parts=tuple(parts),
        sources=numbered,
        actions=_actions(page),
    )


def with_questions(message: Message, questions: Sequence[tuple[str, str]], story_id: str) -> Message:
    """Return a story's ``message`` with the ``questions`` about it that are offered, name and words."""
    offered = (
        Action(verb=Verb.FURTHER, label=words, subject=f"{name} {story_id}") for name, words in questions
    )
    return replace(message, actions=(*message.actions, *offered))


def choice_message(name: str, found: Sequence[tuple[str, str]], *, verb: Verb) -> Message:
    """Return the question which of the stories ``found``, id and headline, is meant by ``name``."""
    return Message(
        title="Which story?",
        dateline="",
        notice=f"Several stories fit “{name}”." if name else "These are the newest stories.",
        parts=(Part(title="Stories", lines=tuple(Line(text=headline) for _, headline in found)),),
        actions=tuple(Action(verb=verb, label=headline, subject=story_id) for story_id, headline in found),
    )


def _sections(page: StoryPage, say: Phrases) -> list[tuple[str, Sequence[Moment]]]:
    moments = timeline(page.rows, outlets={}, timezone=page.timezone, say=say)
    open_only = [e for e in page.ledger.expectations if e.outcome is Outcome.OPEN]
    holds = list(facts(page.ledger, outlets={}, timezone=page.timezone, say=say))
    announced = {e.what for e in open_only}
    by_kind = {kind: [m for m in holds if m.kind == kind] for kind in ("actor", "figure", "expectation")}
    return [
        ("Timeline", moments[-MAX_TIMELINE_LINES:]),
        ("Who", by_kind["actor"][:MAX_LINES_PER_KIND]),
        ("Figures", by_kind["figure"][-MAX_LINES_PER_KIND:]),
        (
            "Announced",
            [m for m in by_kind["expectation"] if any(m.text.startswith(what) for what in announced)][
                :MAX_LINES_PER_KIND
            ],
        ),
    ]


def _line(moment: Moment, words: DocumentLines) -> Line:
    text = words.dated(moment.text, moment.citations)
    return Line(
        lead=moment.when,
        text=words.say.no_longer_stated.format(text=text) if moment.withdrawn else text,
        cites=words.cites(moment.citations),
    )


def _chosen(want: Want | None) -> str:
    if want is Want.MUTE:
        return "Muted in this channel until its status changes."
    return "Followed in this channel." if want is Want.FOLLOW else ""


def _actions(page: StoryPage) -> tuple[Action, ...]:
    subject = page.story_id
    ask = Action(verb=Verb.ASK, label="Ask", subject=subject, style="primary")
    if page.want is not None:
        word = "Unmute" if page.want is Want.MUTE else "Unfollow"
        return (ask, Action(verb=Verb.UNMUTE, label=word, subject=subject))
    return (
        ask,
        Action(verb=Verb.FOLLOW, label="Follow", subject=subject),
        Action(verb=Verb.MUTE, label="Mute", subject=subject),
    )
