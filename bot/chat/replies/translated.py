"""Translate a reply or a form into the asker's language; news keeps its own language. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.language.locale.dates import dates_in
from bot.language.locale.phrases import LANGUAGES, phrases
from bot.language.locale.replies import in_language, pieces_in_language
from bot.model.message import Action, Line, Message, Part, StoryBlock
from bot.model.talk import Field, Form


def language_of(locale: str) -> str:
    """Return the language of replies to a person with ``locale``: their own if it is known, else English."""
    language = locale.partition("-")[0].partition("_")[0].lower()
    return language if language in LANGUAGES else "en"


def message_in(message: Message, language: str) -> Message:
    """Return ``message`` translated into ``language``, except for the news itself."""
    if language == "en":
        return message
    briefing = any(part.stories for part in message.parts)
    return replace(
        message,
        title=in_language(message.title, language),
        dateline=pieces_in_language(message.dateline, language),
        notice=in_language(message.notice, language),
        # That of a briefing says more than these pieces: it stays in the briefing's language.
        coverage=message.coverage if briefing else pieces_in_language(message.coverage, language),
        parts=tuple(_part(part, language) for part in message.parts),
        actions=_actions(message.actions, language),
        language=language if message.language == "en" else message.language,
    )


def form_in(form: Form, language: str) -> Form:
    """Return ``form`` translated into ``language``; the values of its fields do not change."""
    if language == "en":
        return form
    return replace(
        form,
        title=in_language(form.title, language),
        send=in_language(form.send, language),
        cancel=in_language(form.cancel, language),
        look=in_language(form.look, language),
        preview=tuple(in_language(line, language) for line in form.preview),
        fields=tuple(_field(field, language) for field in form.fields),
    )


def _part(part: Part, language: str) -> Part:
    return replace(
        part,
        title=pieces_in_language(part.title, language)
        if " · " in part.title
        else in_language(part.title, language),
        stories=tuple(_story(story, language) for story in part.stories),
        lines=tuple(_line(line, language) for line in part.lines),
        actions=_actions(part.actions, language),
    )


def _line(line: Line, language: str) -> Line:
    # A line with sources is news.
    text = line.text if line.cites else in_language(line.text, language)
    lead = dates_in(line.lead, language)
    return replace(line, label=in_language(line.label, language), lead=lead, text=text)


def _story(story: StoryBlock, language: str) -> StoryBlock:
    """Return ``story`` with labels, state and menu in ``language``; unchanged if it is already."""
    say = phrases(language)
    return replace(
        story,
        label=in_language(story.label, language),
        chip=" → ".join(map(say.word, story.chip.split(" → "))),
        menu=_actions(story.menu, language),
        status=_labelled(story.status, language),
        bullets=_labelled(story.bullets, language),
        actors=_labelled(story.actors, language),
        figures=_labelled(story.figures, language),
        disagreements=_labelled(story.disagreements, language),
        next=_labelled(story.next, language),
        unknown=_labelled(story.unknown, language),
    )


def _labelled(lines: tuple[Line, ...], language: str) -> tuple[Line, ...]:
    return tuple(
        replace(line, label=in_language(line.label, language), lead=dates_in(line.lead, language))
        for line in lines
    )


def _actions(actions: tuple[Action, ...], language: str) -> tuple[Action, ...]:
    return tuple(replace(action, label=in_language(action.label, language)) for action in actions)


def _field(field: Field, language: str) -> Field:
    return replace(
        field,
        label=in_language(field.label, language),
        hint=in_language(field.hint, language),
        error=in_language(field.error, language),
        options=tuple((value, in_language(label, language)) for value, label in field.options),
    )
