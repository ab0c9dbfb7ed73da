"""Replies in other languages: each has all of them, with the same holes, and is found by what the bot says."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from importlib.resources import files

import pytest

from bot.chat.commands import USAGES
from bot.chat.replies.short import help_message
from bot.chat.subscription_form import subscription_form
from bot.inline import moment_in_text
from bot.language.locale.phrases import LANGUAGES
from bot.language.locale.replies import in_language

REPLIES = tomllib.loads(files("bot.language.locale").joinpath("replies.toml").read_text("utf-8"))["reply"]
HOLES = re.compile(r"\{\w+\}")


def test_every_reply_has_every_language_with_the_same_holes():
    for reply in REPLIES:
        assert set(reply) == set(LANGUAGES)
        assert {frozenset(HOLES.findall(words)) for words in reply.values()} == {
            frozenset(HOLES.findall(reply["en"]))
        }


def test_no_reply_stands_twice():
    english = [reply["en"] for reply in REPLIES]
    assert len(english) == len(set(english)) > 140


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_each_reply_is_found_by_its_own_words(language):
    for reply in REPLIES:
        filled = {hole.strip("{}"): "7" for hole in HOLES.findall(reply["en"])}
        assert in_language(reply["en"].format(**filled), language) == reply[language].format(**filled)


def test_of_several_sentences_each_is_put_into_the_language_and_what_is_filled_in_too():
    when = moment_in_text(datetime(2025, 7, 7, tzinfo=UTC), "Mon 7 July 02:00")
    said = f"Subscribed: all feeds. A first briefing is on its way to the channel. Next: {when}."
    assert in_language(said, "de") == (
        f"Eingerichtet: alle Feeds. Ein erstes Briefing ist unterwegs in den Kanal. Nächstes: {when}."
    )


@pytest.mark.parametrize("text", ["Storm Ilsa hits Marenga, at least nine dead", "", "x" * 5000])
def test_what_is_not_ours_stays_as_it_is(text):
    assert in_language(text, "fr") == text
    assert in_language("Only admins can do that: ask one of them to.", "en").startswith("Only")


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_the_whole_help_and_every_field_of_the_form_are_there(language):
    texts = [usage.does for usage in USAGES]
    for part in help_message().parts:
        texts += [part.title, *(line.text for line in part.lines if not line.text.startswith("/brief"))]
    form = subscription_form({}, subject="", feeds=[("a", "A")], most=20, example="x")
    for field in form.fields:
        texts += [field.label, field.hint]
    known = {reply["en"] for reply in REPLIES}
    assert [text for text in texts if text and text not in known] == []
    assert in_language(USAGES[0].does, language) != USAGES[0].does
