"""The buttons under a briefing or a draft, and the cited sentences that a press shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.chat.document.lines import short_date
from bot.language.locale.phrases import ENGLISH, Phrases, phrases
from bot.model.briefing import Briefing, Source
from bot.model.message import Action, Line, Message, Part, StoryBlock
from bot.model.news import TITLE_NUMBER
from bot.model.talk import Verb


def under_briefing(message: Message, briefing: Briefing) -> Message:
    """Return the message of ``briefing`` with its buttons, and the questions it offers."""
    say = phrases(message.language)
    buttons = [
        (Verb.ASK, say.ask, "primary"),
        (Verb.CITED, say.sources, ""),
        (Verb.DETAILS, say.details, ""),
        (Verb.MANAGE, say.manage, ""),
        (Verb.USEFUL, say.useful, ""),
        (Verb.WRONG, say.wrong, ""),
    ]
    if not briefing.stories:
        buttons = [b for b in buttons if b[0] in {Verb.ASK, Verb.MANAGE}]
    actions = (Action(verb=v, label=label, style=style, subject=briefing.id) for v, label, style in buttons)
    questions = (
        Action(verb=Verb.FURTHER, label=question.text, subject=f"{question.number} {briefing.id}")
        for question in briefing.questions
    )
    return replace(
        message,
        actions=(*actions, *questions),
        parts=tuple(
            replace(part, stories=tuple(_with_menu(story, briefing) for story in part.stories))
            for part in message.parts
        ),
    )


def story_menu(story_id: str, briefing_id: str, *, say: Phrases) -> tuple[Action, ...]:
    """Return the actions for one story of a briefing."""
    both = f"{briefing_id} {story_id}"
    return (
        Action(verb=Verb.FOLLOW, label=say.follow, subject=story_id),
        Action(verb=Verb.MUTE, label=say.mute, subject=story_id),
        Action(verb=Verb.STORY, label=say.timeline, subject=story_id),
        Action(verb=Verb.CITED, label=say.sources, subject=both),
        Action(verb=Verb.WRONG, label=say.is_wrong, subject=both),
    )


def menu_message(headline: str, story_id: str, briefing_id: str, *, say: Phrases) -> Message:
    """Return the menu of one story as a separate message, for platforms without space for it in a list."""
    return Message(
        title=headline, dateline="", actions=story_menu(story_id, briefing_id, say=say), language=say.locale
    )


def _with_menu(story: StoryBlock, briefing: Briefing) -> StoryBlock:
    menu = story_menu(story.story_id, briefing.id, say=phrases(briefing.language))
    return replace(story, menu=menu, subject=f"{briefing.id} {story.story_id}")


def under_draft(message: Message, delivery_id: str) -> Message:
    """Return the message of a draft with the editor's buttons."""
    say = phrases(message.language)
    return replace(
        message,
        actions=(
            Action(verb=Verb.APPROVE, label=say.approve, subject=delivery_id, style="primary"),
            Action(verb=Verb.REJECT, label=say.reject, subject=delivery_id, style="danger"),
        ),
    )


def cited_message(sources: Sequence[Source], *, title: str, timezone: str) -> Message:
    """Return the exact sentences of ``sources``, each source with its outlet and time."""
    zone = ZoneInfo(timezone)
    parts = []
    for source in sources:
        local = source.published_at.astimezone(zone)
        who = f" · written by {source.originator}" if source.originator not in {"", source.outlet} else ""
        when = ENGLISH.dated(f"{short_date(local.date())} {local:%H:%M} {timezone}", source.date_source)
        parts.append(
            Part(
                title=f"{source.number} · {source.outlet} · {when}{who}",
                lines=(
                    Line(label="Title", text=source.title),
                    *(
                        Line(label=f"Sentence {s.number}", text=f"“{s.text}”")
                        for s in source.sentences
                        if s.number != TITLE_NUMBER
                    ),
                    *([Line(label="Note", text=source.text_note)] if source.text_note else []),
                    *([Line(label="Publisher's note", text=source.correction)] if source.correction else []),
                ),
            )
        )
    return Message(
        title=f"Sources: {title}",
        dateline="",
        notice="" if parts else "Nothing is cited here.",
        parts=tuple(parts),
    )
