"""The message of an answer: its statements with their sources, where the story stands, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.document.claims import according_to
from bot.chat.document.lines import lines_with, long_date
from bot.language.locale.phrases import ENGLISH, Phrases
from bot.model.briefing import Statement, Writer
from bot.model.conversation.answer import Answer, Nearest
from bot.model.message import Action, Line, Message, Part
from bot.model.talk import Verb

MAX_BUTTON_SUBJECT_CHARS = 60  # of a button's subject


def answer_message(
    answer: Answer, *, further: Sequence[tuple[str, str]] = (), say: Phrases = ENGLISH
) -> Message:
    """Return ``answer`` as lines, times in its own time zone; ``further`` are questions it offers, by name and words."""
    zone = ZoneInfo(answer.timezone)
    words = lines_with(answer.sources, zone=zone, today=answer.as_of.astimezone(zone).date(), say=say)
    parts = [
        Part(
            title="Answer",
            lines=tuple(
                Line(
                    lead=_said(s, answer),
                    text=words.dated(s.text, s.citations),
                    cites=words.cites(s.citations),
                )
                for s in answer.statements
            ),
        ),
        Part(
            title="Sources differ",
            lines=tuple(
                Line(
                    label=issue.issue,
                    lead=claim.by,
                    text=claim.text,
                    cites=words.cites([claim.citation]),
                )
                for issue in answer.disagreements
                for claim in issue.claims
            ),
        ),
        Part(
            title="Status of the story" if answer.statements else "Nearest stories",
            lines=tuple(_stories(answer, say)),
        ),
    ]
    return Message(
        title=answer.question,
        dateline=f"as of {_time(answer.as_of, answer)}",
        notice=declined_line(answer) if not answer.statements else "",
        parts=tuple(part for part in parts if part.lines),
        coverage=_coverage(answer),
        sources=answer.sources,
        actions=tuple(_actions(answer, further)),
    )


def answer_so_far(question: str, statements: Sequence[Statement]) -> Message:
    """Return the message of an answer that is still being written; its sources follow with the whole answer."""
    lines = tuple(Line(text=statement.text) for statement in statements)
    return Message(title=question, dateline="", parts=(Part(title="Answer", lines=lines),))


def declined_line(answer: Answer) -> str:
    """Return the sentence that there is no answer, since when articles are stored, and what is known instead."""
    since = answer.since.astimezone(ZoneInfo(answer.timezone)) if answer.since else None
    line = (
        f"Not found; the archive begins on {ENGLISH.day_and_year(since)}"
        if since
        else "There is no news here yet"
    )
    known = next((story for story in answer.stories if story.status), None)
    if known and known.status:
        said = according_to(known.status.said_by, beside=known.status.line)
        line += f"; last known status of the nearest story: {known.status.line}{said}"
    return f"{line.rstrip('.')}."


def _stories(answer: Answer, say: Phrases) -> Iterator[Line]:
    for story in answer.stories:
        yield Line(lead=story.headline, text=_status_line(story, answer, say))


def _said(statement: Statement, answer: Answer) -> str:
    """Return the outlet and time of a quoted sentence; nothing for a sentence that a model wrote."""
    if answer.writer is not Writer.EXTRACTS or not statement.citations:
        return ""
    cited = statement.citations[0]
    source = next(
        s for s in answer.sources if (s.article_id, s.revision) == (cited.article_id, cited.revision)
    )
    day = source.published_at.astimezone(ZoneInfo(answer.timezone))
    when = ENGLISH.dated(ENGLISH.day_and_year(day), source.date_source)
    return f"{source.outlet or source.title}, {when}"


def _status_line(story: Nearest, answer: Answer, say: Phrases) -> str:
    status = story.status
    if status is None:
        return ""
    day = status.as_of.astimezone(ZoneInfo(answer.timezone))
    said = according_to(status.said_by, beside=status.line, say=say)
    return f"{say.status_line(status)}{said} ({say.formatted(day.date(), say.day_pattern)})"


def _coverage(answer: Answer) -> str:
    wording = "quoted from the articles" if answer.writer is Writer.EXTRACTS else "written by a model"
    if answer.degraded:
        wording += f", {answer.degraded}"
    pieces = [wording if answer.statements else ""]
    if answer.checks.statements:
        pieces.append(
            f"{answer.checks.statements} statements checked against the cited sentences, "
            f"{answer.checks.dropped} removed"
        )
    return " · ".join(piece for piece in pieces if piece)


def _actions(answer: Answer, further: Sequence[tuple[str, str]]) -> Iterator[Action]:
    if not answer.statements:
        yield Action(
            verb=Verb.WATCH,
            label="Tell me when this is known",
            subject=answer.id[:MAX_BUTTON_SUBJECT_CHARS],
            style="primary",
        )
    if answer.stories:
        story = answer.stories[0].story_id
        yield Action(verb=Verb.STORY, label="Timeline", subject=story[:MAX_BUTTON_SUBJECT_CHARS])
    for name, words in further:
        yield Action(verb=Verb.FURTHER, label=words, subject=f"{name} {answer.id}"[:MAX_BUTTON_SUBJECT_CHARS])
    if not answer.statements:
        # It may have been no question at all.
        yield Action(verb=Verb.HELP, label="Help")
    yield Action(verb=Verb.ASK, label="Ask a follow-up", subject=answer.id[:MAX_BUTTON_SUBJECT_CHARS])


def _time(moment: datetime, answer: Answer) -> str:
    local = moment.astimezone(ZoneInfo(answer.timezone))
    return f"{long_date(local)}, {local:%H:%M} {answer.timezone}"
