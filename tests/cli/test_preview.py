"""``wirebrief preview``: a page of its own, with nothing to run and nothing to load."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.chat.discord.render.message import render as for_discord
from bot.chat.preview import preview_page
from bot.chat.slack.render.message import render as for_slack
from bot.cli import app
from tests.support.hostile import OURS, TEXTS, message_of
from tests.support.running.once import demo
from tests.support.sizes import sized

pytestmark = pytest.mark.slow
RENDERERS = {
    ("slack", ""): for_slack,
    ("discord", "components"): for_discord,
    ("discord", "embeds"): lambda message: for_discord(message, style="embeds"),
    ("discord", "text"): lambda message: for_discord(message, style="text"),
}

SHARE = sized(4, 1)  # each text is tried by one of the renderers, or by all of them
TAGS = set(
    "html meta title style body main section article div span p b i h2 h3 hr ul li a code blockquote br time footer".split()
)


class Tags(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.links = set(), set(), set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value for name, value in attrs if name == "href"}


@pytest.fixture(autouse=True)
def the_demo_is_played_once(monkeypatch):
    """Let the verb have what the demo made; that it plays it is seen where the demo itself is run."""

    made = demo()

    async def played(_folder, *, model=None):
        assert model is None  # quoted, where nobody asks for another
        return made

    monkeypatch.setattr("bot.runtime.demo.play_demo", played)


@pytest.mark.parametrize("platform", ["slack", "discord"])
def test_the_demo_is_shown_as_each_platform_shows_it(platform, tmp_path):
    page = tmp_path / "deep" / "page.html"
    done = CliRunner().invoke(app, ["preview", "--demo", "--platform", platform, "--out", str(page)])
    assert done.exit_code == 0, done.output
    html = page.read_text("utf-8")
    assert "Gaza talks stall after second session in Doha" in html
    assert "https://harbour.example/" in html
    assert "<script" not in html
    assert not re.search(r"""(?:src|srcset|url)\s*[=(]|<link|@import""", html)


@pytest.mark.parametrize(("number", "how"), list(enumerate(RENDERERS)))
def test_hostile_text_is_text_on_the_page_too(number, how):
    for text in TEXTS[number % SHARE :: SHARE]:
        page = Tags()
        page.feed(preview_page(how[0], [RENDERERS[how](message_of(text))], title=text))
        assert page.tags <= TAGS, text
        assert page.attributes <= {
            "class",
            "href",
            "style",
            "aria-hidden",
            "lang",
            "charset",
            "name",
            "content",
        }
        assert page.links <= {OURS}, text


def test_a_page_that_is_there_is_replaced_only_when_asked(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("mine")
    done = CliRunner().invoke(app, ["preview", "--demo", "--out", str(page)])
    assert "already exists" in f"{done.output}{done.exception}"
    assert page.read_text() == "mine"


def test_the_page_of_the_demo_is_replaced_only_when_asked_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = Path("var/demo/slack.html")
    page.parent.mkdir(parents=True)
    page.write_text("mine")
    done = CliRunner().invoke(app, ["preview", "--demo"])
    assert "add --force" in f"{done.output}{done.exception}"
    assert page.read_text() == "mine"
    done = CliRunner().invoke(app, ["preview", "--demo", "--force"])
    assert (done.exit_code, done.output) == (0, "Written: var/demo/slack.html\n")
    assert page.read_text() != "mine"


def test_an_empty_archive_says_what_to_do(tmp_path, monkeypatch, sqlite_template):
    shutil.copy(sqlite_template, tmp_path / "a.db")
    monkeypatch.setenv("WIREBRIEF_DATABASE_URL", f"sqlite:///{tmp_path / 'a.db'}")
    done = CliRunner().invoke(app, ["preview", "--out", str(tmp_path / "x.html")])
    assert done.exit_code != 0
    assert "There is no briefing yet" in f"{done.output}{done.exception}"


@pytest.mark.parametrize(
    ("platform", "language", "shown"),
    [
        (
            "slack",
            "en",
            ("Hello, I am Wirebrief", "Set up a briefing", "Show what would match", "names no time of day"),
        ),
        ("discord", "de", ("Hallo, ich bin Wirebrief", "Briefing einrichten", "nennt keine Uhrzeit")),
    ],
)
def test_the_first_contact_is_a_page_with_its_form(tmp_path, platform, language, shown):
    page = tmp_path / "first.html"
    said = CliRunner().invoke(
        app,
        ["preview", "--first-contact", "--platform", platform, "--language", language, "--out", str(page)],
    )
    assert said.exit_code == 0, said.output
    text = page.read_text("utf-8")
    assert [words for words in shown if words not in text] == []
    assert "<script" not in text
