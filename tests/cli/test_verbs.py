"""The command line as a person meets it: words, formats and exit codes."""

from __future__ import annotations

import json
import shutil

import jsonschema
import pytest

from bot.updates.by_rules.read import MAX_FACTS_BY_RULES
from tests.conftest import ROOT
from tests.support.encoders import make_encoder
from tests.support.running import processes

pytestmark = pytest.mark.slow

ARTICLE = """Harbour workers end strike after pay deal
Dock workers in Selin ended a nine-day strike on Monday after the port agreed to raise pay by 6 percent.
“We got what we asked for,” said Mara Lund, president of the dockers' union.
Port director Hugo Brandt said the first ships would be unloaded on Tuesday.
The strike cost the port 40 million dollars, according to the city's chamber of commerce.
About 2,300 dockers had stopped work.
"""


@pytest.fixture
def wirebrief(tmp_path):
    def call(*arguments, **environment):
        return processes.run(*arguments, cwd=tmp_path, env={"COLUMNS": "100"} | environment, warnings="error")

    return call


def test_a_verb_that_loads_the_whole_program_says_nothing_but_its_own(tmp_path):
    # What it is forked from has imported the rest, where a warning is an error too.
    done = processes.run("demo", cwd=tmp_path, env={"COLUMNS": ""}, warnings="error")
    assert (done.returncode, done.stderr) == (0, "")
    # What is piped is no wider than its text.
    assert done.stdout.count("─" * 80) == 4
    assert max(map(len, done.stdout.splitlines())) < 2000


def test_help_names_every_verb(wirebrief):
    done = wirebrief("--help")
    assert done.returncode == 0
    for verb in ("demo", "brief", "ingest", "stories", "feeds", "check"):
        assert verb in done.stdout


def test_a_wrong_call_is_exit_2(wirebrief):
    assert wirebrief("brief", "--format", "pdf").returncode == 2
    assert wirebrief("nonsense").returncode == 2


def test_a_file_is_briefed_in_every_format(wirebrief, tmp_path):
    (tmp_path / "2025-07-07_strike.txt").write_text(ARTICLE, "utf-8")
    text = wirebrief("brief", "2025-07-07_strike.txt")
    assert "Harbour workers end strike" in text.stdout
    page = wirebrief("brief", "2025-07-07_strike.txt", "--format", "html")
    assert page.stdout.startswith("<!doctype html>")
    done = wirebrief("brief", "2025-07-07_strike.txt", "--format", "json")
    data = json.loads(done.stdout)
    jsonschema.validate(data, json.loads((ROOT / "docs" / "briefing.schema.json").read_text("utf-8")))
    (story,) = data["stories"]
    assert "Mara Lund" in {actor["name"] for actor in story["actors"]}
    assert any("Hugo Brandt" in bullet["text"] for bullet in story["bullets"])
    assert any(e["due"] == "2025-07-08" for e in story["next"])
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("missing.txt", None, "There is no file 'missing.txt'"),
        ("binary.txt", bytes(range(256)) * 20, "not a text or HTML file"),
        ("empty.txt", b" \n ", "is empty"),
        ("empty.html", b"<html><body></body></html>", "no article text"),
        (".", None, "is a folder"),
        ("http://127.0.0.1:9/x", None, "not on the public internet"),
        ("ftp://a.example/x", None, "does not start with http"),
    ],
)
def test_what_cannot_be_briefed_gets_one_sentence_and_exit_1(wirebrief, tmp_path, name, body, words):
    if body is not None:
        (tmp_path / name).write_bytes(body)
    done = wirebrief("brief", name)
    assert done.returncode == 1
    assert words in done.stderr
    assert done.stderr.startswith("wirebrief: ")
    assert done.stderr.count("\n") == 1


def test_feeds_come_from_a_pack_and_go_out_as_opml(wirebrief, tmp_path):
    assert "feeds added" in wirebrief("feeds", "import", "world").stdout
    assert wirebrief("feeds", "import", "world").stdout.startswith("0 feeds added")
    listed = wirebrief("feeds", "list").stdout
    assert listed.count("not read yet") > 10
    wirebrief("feeds", "export", "mine.opml")
    assert "xmlUrl" in (tmp_path / "mine.opml").read_text("utf-8")
    again = wirebrief("feeds", "export", "mine.opml")
    assert (again.returncode, "already exists" in again.stderr) == (1, True)
    assert wirebrief("feeds", "export", "mine.opml", "--force").returncode == 0
    assert "The packs are: " in wirebrief("feeds", "import", "nothing").stderr
    assert wirebrief("feeds", "remove", "https://nobody.example/").returncode == 1


def test_check_reports_every_mistake_and_exit_1(wirebrief, tmp_path, sqlite_template):
    (tmp_path / "wirebrief.toml").write_text("[fetch]\nworker = 1\n[briefings]\nstories = 99\n")
    done = wirebrief("check")
    assert done.returncode == 1
    assert "fetch.worker: unknown key (did you mean fetch.workers?)" in done.stderr
    assert "briefings.stories" in done.stderr
    (tmp_path / "wirebrief.toml").unlink()
    (tmp_path / "var").mkdir()
    shutil.copy(sqlite_template, tmp_path / "var" / "wirebrief.db")
    good = wirebrief("check")
    assert (good.returncode, "✓ database" in good.stdout) == (0, True)


def test_check_and_the_start_try_the_encoder(wirebrief, tmp_path):
    (tmp_path / "wirebrief.toml").write_text('[answers]\nencoder = "encoder"\n')
    missing = wirebrief("check")
    assert missing.returncode == 1
    assert "model.onnx" in missing.stderr
    started = wirebrief("run", "--once")
    assert started.returncode == 1
    assert "model.onnx" in started.stderr
    assert "Traceback" not in missing.stderr + started.stderr
    make_encoder(tmp_path / "encoder")
    good = wirebrief("check")
    assert (good.returncode, "✓ answers.encoder: enc-" in good.stdout) == (0, True)


def test_a_briefing_without_feeds_is_honest(wirebrief, tmp_path, sqlite_template):
    shutil.copy(sqlite_template, tmp_path / "wire.db")
    done = wirebrief("brief", WIREBRIEF_DATABASE_URL="sqlite:///wire.db")
    assert done.returncode == 0
    assert (
        "Nothing was read: this briefing has no feed. Add one with “/brief feeds add ADDRESS”" in done.stdout
    )
    assert "Quiet" not in done.stdout


@pytest.mark.data
def test_the_article_the_product_was_conceived_on(wirebrief, data):
    done = wirebrief("brief", str(data / "articles" / "2025-07-07_gaza-talks.txt"), "--format", "json")
    (story,) = json.loads(done.stdout)["stories"]
    bullets = [bullet["text"] for bullet in story["bullets"]]
    assert 3 <= len(bullets) <= MAX_FACTS_BY_RULES
    assert any("60-day truce" in text for text in bullets)
    roles = {actor["name"]: actor["role"] for actor in story["actors"]}
    assert roles["Donald Trump"] == "US President"
    assert roles["Karoline Leavitt"] == "White House spokesperson"
    assert len(roles) >= 3
    sources = {
        s["article_id"]: {x["number"] for x in s["sentences"]} for s in json.loads(done.stdout)["sources"]
    }
    cited = [c for b in story["bullets"] for c in b["citations"]]
    assert all(set(c["sentences"]) <= sources[c["article_id"]] for c in cited)


def test_slack_rekey_says_what_it_encrypted_and_what_to_do_without_a_key(
    wirebrief, tmp_path, sqlite_template
):
    assert "slack.encryption_key is empty" in wirebrief("slack", "rekey").stderr
    key = wirebrief("slack", "key").stdout.strip()
    (tmp_path / "var").mkdir()
    shutil.copy(sqlite_template, tmp_path / "var" / "wirebrief.db")
    done = wirebrief("slack", "rekey", WIREBRIEF_SLACK_ENCRYPTION_KEY=f"{key}, {key}")
    assert (done.returncode, done.stdout) == (0, "0 workspaces encrypted with the first key\n")
