"""The README's commands are what CI runs, and its first page holds what a newcomer needs."""

from __future__ import annotations

import re

from bot.cli import app
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_the_two_commands_are_what_ci_runs():
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    commands = re.findall(r"^make \w+", README, re.MULTILINE)
    assert commands == ["make demo", "make test"]
    assert all(re.search(rf"^bounded \d+ {command}\b", ci, re.MULTILINE) for command in commands)


def test_the_first_forty_lines_show_a_briefing_and_how_to_start():
    first = "\n".join(README.splitlines()[:40])
    assert "make demo" in first
    for picture in ("docs/slack.png", "docs/discord.png"):
        assert picture in first
        assert 0 < (ROOT / picture).stat().st_size < 300_000


def test_every_verb_of_the_readme_exists():
    verbs = set(re.findall(r"^wirebrief (\w+)", README, re.MULTILINE))
    assert {"brief", "feeds", "ask", "link", "subscribe", "run", "check"} <= verbs
    assert verbs <= {command.name for command in [*app.registered_commands, *app.registered_groups]}


def test_every_link_of_the_pages_leads_somewhere():
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_make_target_that_a_page_names_exists():
    made = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        named = set(re.findall(r"`make ([a-z][\w-]*)", page.read_text("utf-8")))
        assert named <= made, f"{page.name}: {named - made}"
