"""The grammar of commands, the forms, and the page that tells of both."""

from __future__ import annotations

import re

import pytest

from bot.chat.commands import (
    OPENS_FORM,
    SPOKEN,
    TYPED_VERBS,
    USAGES,
    nearest_command,
    opens_form,
    read_command,
    read_said,
    read_typed,
)
from bot.chat.forms import MAX_CHOICES, form_for
from bot.chat.replies.short import help_message
from bot.chat.slack.requests import from_action
from bot.chat.subscription_form import FormPage, subscription_form
from bot.model.chat import Channel
from bot.model.talk import Asker, Request, Verb
from tests.support.generated.written_docs import COMMANDS, HEAD, commands
from tests.support.running.rows import each_row

HERE = Channel(platform="slack", workspace="T1", id="C1")


def request(verb: Verb, **what: object) -> Request:
    return Request(id="r", verb=verb, asker=Asker(id="U1"), channel=HERE, **what)


@each_row(
    ("text", "verb", "words"),
    [
        ("ask what did Anna Berg say", Verb.ASK, "what did Anna Berg say"),
        ("  ASK   what?", Verb.ASK, "what?"),
        ("what did Anna Berg say", Verb.SAID, "what did Anna Berg say"),
        ("feeds add https://x.example", Verb.FEEDS, "add https://x.example"),
        ("sources add https://x.example", Verb.FEEDS, "add https://x.example"),  # its name up to 0.3.0
        ("story\tharbour", Verb.STORY, "harbour"),
        ("", Verb.START, ""),
        ("asking for trouble", Verb.SAID, "asking for trouble"),
        ("approve dlv-1", Verb.SAID, "approve dlv-1"),
    ],
)
def test_a_command_is_read_and_everything_else_was_said_in_words(text, verb, words):
    assert read_command(text) == (verb, words)


def test_a_button_posted_under_the_earlier_name_of_a_verb_still_works():
    pressed = {
        "team": {"id": "T1"},
        "user": {"id": "U1", "team_id": "T1"},
        "channel": {"id": "C1"},
        "trigger_id": "1",
        "actions": [{"type": "button", "action_id": "wb:sources:0", "value": "add"}],
    }
    found = from_action(pressed)
    assert found
    assert (found.request.verb, found.request.subject) == (Verb.FEEDS, "add")


def test_only_a_command_that_is_all_that_is_said_is_one():
    assert read_said("Status?") == (Verb.STATUS, "")
    assert read_said("status of the talks") is None
    assert read_said("unsubscribe") == (Verb.HELP, "unsubscribe")
    assert read_said("pause the talks") is None
    assert read_said("") == (Verb.START, "")


def test_a_slip_is_near_a_command_and_a_command_with_other_words_is_none():
    assert nearest_command("folow harbour strike") == (Verb.FOLLOW, "harbour strike")
    assert nearest_command("pause in fighting") is None
    assert read_typed("replies all") == (Verb.REPLIES, "all")
    assert read_typed("replies to critics") is None
    assert nearest_command("no comment") is None


def test_every_typed_verb_has_its_usage_and_its_line_of_help():
    assert {usage.verb for usage in USAGES} == set(TYPED_VERBS)
    text = " ".join(line.lead for part in help_message().parts for line in part.lines)
    assert all(f"/brief {verb}" in text for verb in TYPED_VERBS)


def test_the_page_of_commands_tells_what_the_code_does():
    page = COMMANDS.read_text("utf-8")
    assert page.partition(HEAD)[2].startswith(commands()), "run: make docs"
    for usage in USAGES:
        verb, _ = read_command(usage.example)
        assert verb is usage.verb
    spoken = re.search(r"A single word that is a command\s+\(([^)]*)\)", page)
    assert spoken
    assert set(re.findall(r"`(\w+)`", spoken[1])) == {verb.value for verb in SPOKEN}


@pytest.mark.parametrize("verb", sorted(OPENS_FORM - {Verb.SUBSCRIBE, Verb.EDIT}))
def test_a_form_fits_every_platform(verb):
    choices = [(f"stm-{n}", "A statement that is long " * 9) for n in range(60)]
    form = form_for(request(verb, subject="bri-1"), choices=choices)
    assert form.verb is verb
    assert form.subject == ("bri-1")
    assert_fits(form)


@pytest.mark.parametrize(
    ("subject", "most"), [("", 5), ("", 10), ("sub-1", 5), ("sub-1", 10), ("dra-1 more", 5)]
)
def test_the_form_of_a_briefing_fits_every_platform(subject, most):
    feeds = [(f"fee-{n}", f"Feed {n}") for n in range(MAX_CHOICES)]
    new = not subject.startswith("sub-")
    form = subscription_form({}, subject=subject, new=new, feeds=feeds, page=FormPage(fields=most, live=True))
    assert len(form.fields) <= most
    assert_fits(form)


def assert_fits(form):
    assert len(form.title) <= 24
    assert form.fields
    for field in form.fields:
        assert len(field.label) <= 45
        assert len(field.hint) <= 100
        assert len(field.options) <= MAX_CHOICES
        assert all(len(value) <= 75 and 0 < len(label) <= 75 for value, label in field.options)
        assert not (field.options and field.required) or field.value in dict(field.options)


def test_a_question_opens_a_form_only_where_it_has_no_words():
    assert opens_form(request(Verb.ASK, subject="bri-1"))
    assert not opens_form(request(Verb.ASK, words="what?"))
    assert opens_form(request(Verb.SUBSCRIBE, words="daily 07:30"))
    assert not opens_form(request(Verb.SUBSCRIBE, values={"times": "daily 07:30"}))
    assert not opens_form(request(Verb.LIST))
