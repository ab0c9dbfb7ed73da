"""Recorded articles are briefed morning by morning as if their feeds had brought them."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime

import pytest
from typer.testing import CliRunner

from bot.cli import app as cli
from bot.errors import InputError
from bot.flows.maintenance.backtest import DailyTime, mornings, read_articles
from bot.llm.offline.scripted_replies import scripted_answer
from bot.ports import ModelRequest
from tests.servers.model import ModelServer, says

pytestmark = pytest.mark.slow

TALKS = (
    "Mediators from Velmar and Ostrana met in Geneva on Monday for a first session. "
    "The first session ended without an agreement, the mediators said. "
    "Foreign Minister Anna Berg said that 40 prisoners would be released on Thursday."
)
SECOND = (
    "The second session of the talks between Velmar and Ostrana in Geneva ended with no breakthrough on Tuesday. "
    "Velmar released 12 prisoners before the session, Foreign Minister Anna Berg said. "
    "The talks resume on Friday, the mediators said."
)


def write(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def row(
    at: str, text: str = TALKS, *, url: str = "https://news.example/1", title: str = "Talks in Geneva"
) -> dict[str, str]:
    return {"url": url, "source": "The News", "title": title, "text": text, "published_at": at}


def test_a_days_articles_come_after_its_briefing(tmp_path):
    timetable = DailyTime(zone="Europe/Berlin")
    file = write(
        tmp_path / "a.jsonl",
        row("2031-03-10T00:00:00"),
        row("2031-03-10T20:00:00+02:00", url="https://news.example/2"),
    )
    early, late = read_articles(file, timetable=timetable)
    assert early.listed_at == datetime(2031, 3, 10, 6, 30, tzinfo=UTC)  # 07:30 in Berlin
    assert late.listed_at == late.published_at == datetime(2031, 3, 10, 18, tzinfo=UTC)


def test_there_is_a_morning_after_each_day_and_none_in_a_long_silence(tmp_path):
    timetable = DailyTime()
    file = write(tmp_path / "a.jsonl", row("2031-03-10"), row("2032-01-01", url="https://news.example/2"))
    days = mornings(read_articles(file, timetable=timetable), timetable=timetable, quiet_days=2)
    assert days == [date(2031, 3, d) for d in (10, 11, 12, 13)] + [date(2032, 1, 2)]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("{", "a.jsonl:2 is not an article"),
        (json.dumps({"url": "https://a.example/", "text": "x"}), "published_at"),
        (json.dumps(row("yesterday")), "published_at"),
        (json.dumps(row("2031-03-10", url="javascript:1")), "url"),
        (json.dumps(row("2031-03-10", text="x" * 300_000)), "text"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, line, wrong):
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(row("2031-03-10")) + "\n" + line + "\n", "utf-8")
    with pytest.raises(InputError, match=wrong):
        read_articles(file, timetable=DailyTime())


@pytest.mark.parametrize("content", ["", "\n\n", None, b"\xff\xfe\x00"])
def test_a_file_without_articles_is_refused_in_words(tmp_path, content):
    file = tmp_path / "a.jsonl"
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError):
        read_articles(file, timetable=DailyTime())


@pytest.mark.parametrize("model", ["none", "scripted"])
def test_two_days_of_talks_give_their_mornings_and_the_same_ones_again(tmp_path, monkeypatch, model):
    monkeypatch.chdir(tmp_path)
    file = write(
        tmp_path / "a.jsonl",
        row("2031-03-10T15:00:00"),
        row("2031-03-11T00:00:00", SECOND, url="https://news.example/2", title="No breakthrough in Geneva"),
    )
    written = []
    for name in ("first", "second"):
        done = CliRunner().invoke(cli, ["backtest", str(file), "--out", name, "--model", model])
        assert done.exit_code == 0, done.output
        assert "3 mornings, 2 articles" in done.output
        written.append(
            {p.name: p.read_text("utf-8") for p in (tmp_path / name).iterdir() if p.name != "summary.json"}
        )
    assert written[0] == written[1]
    days = [f"2031-03-{day}" for day in (10, 11, 12)]
    assert sorted(written[0]) == sorted(f"{day}.{form}" for day in days for form in ("json", "txt"))
    one, two = (json.loads(written[0][f"{day}.json"]) for day in days[1:])
    assert [source["url"] for source in one["sources"]] == ["https://news.example/1"]
    assert "https://news.example/2" in [source["url"] for source in two["sources"]]
    assert one["made_at"] == "2031-03-11T07:30:00Z"
    summary = json.loads((tmp_path / "first" / "summary.json").read_text("utf-8"))
    assert (summary["calls"] > 0) == (model == "scripted")


def two_days(folder):
    return write(
        folder / "a.jsonl",
        row("2031-03-10T15:00:00"),
        row("2031-03-11T00:00:00", SECOND, url="https://news.example/2", title="No breakthrough in Geneva"),
    )


@pytest.mark.slow
def test_replies_that_are_not_recorded_are_listed_at_the_end(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "replies").mkdir()
    done = CliRunner().invoke(
        cli,
        ["backtest", str(two_days(tmp_path)), "--out", "o", "--model", "recorded", "--replies", "replies"],
    )
    assert done.exit_code == 0, done.output
    assert "Recorded replies that are missing" in done.output
    summary = json.loads((tmp_path / "o" / "summary.json").read_text("utf-8"))
    assert summary["missing_records"]
    assert summary["failures"]["no_record"] >= len(summary["missing_records"])
    assert summary["calls"] == 0


def scripted_reply(body):
    """Answer as the scripted model does to what came over the wire."""
    system, user = (message["content"] for message in body["messages"])
    name = body["response_format"]["json_schema"]["name"]
    asked = ModelRequest(purpose="", system=system, user=user, schema_name=name, schema={})
    return json.dumps(scripted_answer(asked))


@pytest.mark.slow
async def test_replies_are_recorded_and_give_the_same_briefings_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = two_days(tmp_path)

    async def mornings_of(name, *options, **environment):
        done = await asyncio.to_thread(
            CliRunner().invoke, cli, ["backtest", str(file), "--out", name, *options], env=environment
        )
        assert done.exit_code == 0, done.output
        return {p.name: p.read_text("utf-8") for p in (tmp_path / name).glob("2031*")}, done.output

    async with ModelServer(says(scripted_reply)) as server:
        model = {"WIREBRIEF_MODEL_NAME": "m", "WIREBRIEF_MODEL_BASE_URL": server.base}
        live, _ = await mornings_of("live", "--record", "replies", **model)
        asked = len(server.requests)
    assert asked
    assert len(list((tmp_path / "replies").iterdir())) == asked
    recorded = ["--model", "recorded", "--replies", "replies"]
    again, said = await mornings_of("again", *recorded)
    assert said_by_nobody(again) == said_by_nobody(live)
    assert "missing" not in said
    assert "stale" not in said
    for path in (tmp_path / "replies").iterdir():
        path.rename(path.with_name(path.name.replace("-v1.", "-v7.")))
    _, said = await mornings_of("later", *recorded)
    assert "Recorded replies that are stale: 1" in said  # what it said of the story is known to no later one


def said_by_nobody(mornings):
    """Return the mornings without the name of the model that read them."""
    return {name: text.replace("loopback-1", "recorded") for name, text in mornings.items()}


@pytest.mark.slow
def test_the_tokens_of_a_model_are_summed_up_by_kind_and_purpose(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["backtest", str(two_days(tmp_path)), "--out", "o", "--model", "scripted"])
    assert "tokens of cached prefixes" in done.output
    summary = json.loads((tmp_path / "o" / "summary.json").read_text("utf-8"))
    assert 0 < summary["cached_tokens"] < summary["input_tokens"]
    for kind in ("calls", "input_tokens", "cached_tokens", "output_tokens"):
        assert sum(each[kind] for each in summary["by_purpose"].values()) == summary[kind]


@pytest.mark.parametrize(
    "options",
    [
        ["--model", "recorded"],
        ["--model", "scripted", "--replies", "."],
        ["--replies", "."],
        ["--model", "none", "--record", "r"],
        ["--record", "r"],  # no model is configured
    ],
)
def test_folders_of_replies_that_fit_no_model_are_refused_in_words(tmp_path, monkeypatch, options):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["backtest", str(two_days(tmp_path)), "--out", "o", *options])
    assert isinstance(done.exception, InputError)
    assert not (tmp_path / "o").exists()
    assert not (tmp_path / "r").exists()


def test_a_folder_with_other_briefings_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = write(tmp_path / "a.jsonl", row("2031-03-10"))
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "2031-03-10.json").write_text("{}", "utf-8")
    done = CliRunner().invoke(cli, ["backtest", str(file), "--out", "old", "--model", "none"])
    assert isinstance(done.exception, InputError)
