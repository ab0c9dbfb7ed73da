"""Draw the first messages and the form of a briefing as a page; nothing is read or stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.chat.renderer import PlatformRenderer

LANGUAGE_HELP = "With --first-contact: language of the messages (en, de, fr, es)."
# What somebody may have typed, with one mistake.
EXAMPLE_FORM = {
    "channel": "",
    "times": "every morning",
    "words": "harbour strike",
    "feeds": "pack world",
    "title": "Port",
}
EXAMPLE_FEEDS = (("pack world", "world (12 feeds)"), ("fee-1", "The Harbour Post"))
MATCHES = (
    "Of the last week 2 of 41 stories would have matched",
    "Harbour strike ends after nine days",
    "Pilots' union backs the dockers",
)


def first_contact_page(platform: str, *, language: str) -> str:
    """Return the page with the welcome, what comes next, an example, and the form with a mistake in it."""
    from bot.chat.preview import MESSAGES, pages_of
    from bot.runtime.compose import renderer_of

    renderer = renderer_of(platform)
    payloads = [json.loads(payload) for payload in _messages(renderer, language)]
    shown = [MESSAGES[platform](payload) for payload in payloads]
    return pages_of(platform, shown, forms=[_form(platform, renderer, language)], title="First contact")


def _messages(renderer: PlatformRenderer, language: str) -> list[str]:
    from bot.chat.replies.translated import message_in
    from bot.chat.replies.welcome import ChannelState, example_message, start_message, welcome_message

    state = ChannelState(feeds=12, admin=True)
    messages = (welcome_message(), start_message(state), example_message())
    return [payload for message in messages for payload in renderer.reply(message_in(message, language))]


def _form(platform: str, renderer: PlatformRenderer, language: str) -> str:
    from bot.chat.preview.form import discord_form, slack_form
    from bot.chat.replies.translated import form_in
    from bot.chat.subscription_form import TIMES, FormPage, subscription_form
    from bot.errors import InputError
    from bot.language.locale.replies import in_language
    from bot.schedule import read_timetable

    try:
        read_timetable(EXAMPLE_FORM[TIMES], zone="Europe/Berlin")
        wrong = ""
    except InputError as error:
        wrong = f"{error.message}. {error.hint}."
    slack = platform == "slack"
    form = subscription_form(
        EXAMPLE_FORM,
        subject="",
        new=True,
        feeds=EXAMPLE_FEEDS,
        page=FormPage(fields=renderer.max_fields, live=slack, preview=MATCHES if slack else ()),
        errors={} if slack else {TIMES: wrong},
    )
    modal = renderer.form(form_in(form, language))
    if not slack:
        return discord_form(modal)
    return slack_form(modal, errors={TIMES: in_language(wrong, language)})
