"""German news without a model: what rules tell of it is right, and enough of it is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app as cli
from bot.flows.maintenance.gold import read_briefings, read_events, read_gold
from bot.flows.maintenance.scoring import score
from tests.golden.test_events import met

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parent / "german"
EVENTS = {folder.name: folder for folder in sorted(FOLDER.iterdir()) if folder.is_dir()}
# Shares in percent: nine of ten of what is printed is right, and some of what matters is there.
RIGHT = {
    "line free of junk": 99,
    "headline not false": 95,
    "status printed: right": 90,
    "actor printed: is one": 90,
    "role printed: right": 90,
    "announcement printed: is one": 90,
    "announcement date right": 90,
    "bullet is a gold fact": 70,
}
THERE = {"key actor present": 45, "key figure present": 40, "announcement in gold: present": 25}


def articles_of(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    place = tmp_path_factory.mktemp("german")
    (place / "gold").mkdir()
    lines = []
    for name, folder in EVENTS.items():
        (place / "gold" / f"event-{name}.json").write_text((folder / "gold.json").read_text("utf-8"), "utf-8")
        lines += (folder / "articles.jsonl").read_text("utf-8").splitlines()
    file = place / "articles.jsonl"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    done = CliRunner().invoke(cli, ["backtest", str(file), "--out", str(place / "out"), "--model", "none"])
    assert done.exit_code == 0, done.output
    found = score(read_gold(place / "gold"), read_briefings(place / "out"), read_events(file))
    return {name: (row.right, row.of, row.examples) for name, row in found.rows.items()}


@pytest.mark.long
@pytest.mark.parametrize(("row", "goal"), (RIGHT | THERE).items())
def test_what_is_told_of_german_news_is_right_and_enough_is_told(rows, row, goal):
    right, of, examples = rows[row]
    assert of
    assert 100 * right / of >= goal, examples


def test_there_are_sixteen_articles_of_events_of_two_days():
    assert sum(len(articles_of(folder)) for folder in EVENTS.values()) >= 16
    for folder in EVENTS.values():
        gold = json.loads((folder / "gold.json").read_text("utf-8"))
        assert len(gold["days"]) == 2
        told = {article["url"] for article in articles_of(folder)}
        assert {url for day in gold["days"] for url in day["urls"]} == told


@pytest.mark.parametrize("folder", EVENTS.values(), ids=list(EVENTS))
def test_what_gold_says_stands_in_the_articles(folder):
    texts = {a["url"]: f"{a['title']} {a['text']}" for a in articles_of(folder)}
    for day in json.loads((folder / "gold.json").read_text("utf-8"))["days"]:
        whole = " ".join(texts[url] for url in day["urls"])
        for fact in day["facts"]:
            assert met(whole, fact["all"]), fact["text"]
        assert all(actor["name"] in whole for actor in day["actors"])
        assert all(junk in whole for junk in day["junk"])
