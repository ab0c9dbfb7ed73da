"""Hostile texts in every field, by every renderer: text stays text, whatever a platform would like to make of it."""

from __future__ import annotations

import functools
import io

import pytest
from rich.console import Console

from bot.chat.console import print_message
from bot.chat.discord.render import message as discord
from bot.chat.document.markdown import to_markdown
from bot.chat.document.plain import plain_line
from bot.chat.slack.render import message as slack
from bot.language.cleaning.links import link_target
from bot.model.message import Line, Message, Part, StoryBlock
from tests.readers import Reading, collected
from tests.readers.discord import read_payload as read_discord
from tests.readers.plain import read_markdown, read_terminal
from tests.readers.slack import read_payload as read_slack
from tests.support.hostile import HUGE, OURS, TEXTS, message_of, source
from tests.support.sizes import sized

pytestmark = pytest.mark.slow
SHARE = sized(4, 1)  # each text is tried by a quarter of the renderers, or by all of them


def printed(message):
    out = io.StringIO()
    print_message(message, Console(file=out, width=100, color_system=None))
    return collected([read_terminal(out.getvalue())])


RENDERERS = {
    "slack": lambda message: collected([read_slack(p) for p in slack.render(message)]),
    "slack reply": lambda message: collected([read_slack(p) for p in slack.render_reply(message)]),
    "discord": lambda message: collected([read_discord(p) for p in discord.render(message)]),
    "discord reply": lambda message: collected([read_discord(p) for p in discord.render_reply(message)]),
    "discord embeds": lambda m: collected([read_discord(p) for p in discord.render(m, style="embeds")]),
    "discord text": lambda m: collected([read_discord(p) for p in discord.render(m, style="text")]),
    "markdown": lambda message: collected([read_markdown(p) for p in to_markdown(message, limit=16_000)]),
    "terminal": printed,
}


def squeezed(text):
    """Return ``text`` without blanks: where a line is broken is the renderer's to say."""
    return "".join(text.split())


@functools.cache
def read(renderer, text):
    """Return what readers get of ``text`` in every field."""
    return RENDERERS[renderer](message_of(text))


@pytest.fixture(scope="module", params=RENDERERS)
def renderer(request):
    """Return each renderer for all tests, before the next: what it makes of a text is read once."""
    return request.param


@pytest.fixture(scope="module")
def texts(renderer):
    """Return the texts that ``renderer`` is tried on: those that its neighbour is not, or all."""
    return TEXTS[list(RENDERERS).index(renderer) % SHARE :: SHARE]


def test_the_list_is_long_and_holds_no_text_twice():
    assert len(set(TEXTS)) == len(TEXTS) >= 200


def test_no_hostile_text_alerts_anybody_or_is_formatted(renderer, texts):
    alive = {text: found for text in texts if (found := read(renderer, text).mentions)}
    assert alive == {}


def test_no_hostile_text_leads_anywhere_but_to_our_sources(renderer, texts):
    foreign = {
        text: found for text in texts if (found := set(read(renderer, text).links) - {link_target(OURS)})
    }
    assert foreign == {}


def test_every_hostile_text_is_read_as_it_was_written(renderer, texts):
    lost = []
    for text in texts:
        wanted = squeezed(plain_line(text))
        found = squeezed(read(renderer, text).text).count(wanted) if wanted else 12
        if found < 12:
            lost.append((text, found))
    assert lost == []


def huge(text):
    """Return a message with ``text`` where the news itself stands."""
    story = StoryBlock(story_id="s", headline=Line(text=text), bullets=(Line(text=text),) * 2)
    return Message(
        title=text, dateline="", parts=(Part(title="New", stories=(story,)),), sources=(source(1),)
    )


def test_no_huge_text_is_live(renderer):
    texts = HUGE[list(RENDERERS).index(renderer) % SHARE :: SHARE]
    readings = [RENDERERS[renderer](huge(text)) for text in texts]
    assert [reading.mentions for reading in readings] == [()] * len(texts)
    assert set().union(*(reading.links for reading in readings)) <= {link_target(OURS)}


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,hi",
        "https://",
        "http://[::1",
        "discord://x/y",
        "slack://open",
        "",
        "//evil.example",
    ],
)
def test_an_address_that_may_not_be_followed_gives_no_link(renderer, url):
    assert RENDERERS[renderer](message_of("x", url=url)).links == ()


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/a)](https://evil.example",
        "https://news.example/a> <!channel>",
        "https://news.example/a|b",
        "https://news.example/a b\n@everyone",
        'https://news.example/"onclick',
        "https://news.example/\u202eevil",
        "https://news.example/" + "a" * 600,
    ],
)
def test_no_address_ends_its_link_early(renderer, url):
    reading: Reading = RENDERERS[renderer](message_of("x", url=url))
    assert reading.mentions == ()
    assert set(reading.links) <= {link_target(url)}
