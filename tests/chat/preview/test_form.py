"""Forms as the preview draws them: every field with what stands in it, and what is wrong at its field."""

from __future__ import annotations

from bot.chat.discord.render.form import render_form
from bot.chat.preview import pages_of
from bot.chat.preview.form import discord_form, slack_form
from bot.chat.slack.forms import form_view
from bot.chat.subscription_form import FormPage, subscription_form

FEEDS = [("pack world", "world (12 feeds)"), ("fee-1", "The <b>Post</b>")]
VALUES = {"channel": "slack:T1/C1", "times": "every morning", "feeds": "pack world,fee-1", "words": "Gaza"}
WRONG = "“every morning” is not a time"


def test_slacks_form_shows_each_value_and_the_error_at_its_field():
    form = subscription_form(VALUES, subject="", new=True, feeds=FEEDS, page=FormPage(fields=20))
    page = pages_of(
        "slack", [], forms=[slack_form(form_view(form, origin={}), errors={"times": WRONG})], title="Form"
    )
    for text in (
        "#C1",
        "every morning",
        "world (12 feeds), The &lt;b&gt;Post&lt;/b&gt;",
        "Gaza",
        "Subscribe",
    ):
        assert text in page
    assert page.count(f'<p class="wrong">{WRONG}</p>') == 1
    assert page.count('class="field"') == len(form.fields) == 9


def test_discords_form_has_five_fields_and_the_error_in_the_place_of_the_hint():
    values = VALUES | {"channel": "discord:1/42"}
    form = subscription_form(
        values, subject="", new=True, feeds=FEEDS, page=FormPage(fields=5), errors={"times": WRONG}
    )
    page = pages_of("discord", [], forms=[discord_form(render_form(form))], title="Form")
    assert page.count('class="field"') == 5
    assert f"✗ {WRONG}" in page
    assert "#42" in page
    assert "Such as weekdays" not in page
