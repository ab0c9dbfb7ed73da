"""What recorded replies to five events make of their mornings, against gold by somebody who had seen neither.

The replies were written from the prompts alone. A change of the check or of what a model is shown makes some of them
stale or missing: record them again (docs/story-updates.md), then read what changed.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.flows.maintenance.gold import read_briefings, read_events, read_gold
from bot.flows.maintenance.scoring import score
from tests.golden.gather import read_events as events

pytestmark = pytest.mark.slow
REPLIES = Path(__file__).parent / "replies"
EVENTS = {201, 203, 205, 207, 209}
# Of each row the share that is right at least: a little below what was reached when the replies were recorded.
LEAST: dict[str, float] = json.loads((Path(__file__).parent / "reply_bounds.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    folder = tmp_path_factory.mktemp("replies")
    chosen = [(gold, articles) for gold, articles in events().values() if gold["event"] in EVENTS]
    lines = [json.dumps(a, ensure_ascii=False) for _, articles in chosen for a in articles]
    (folder / "articles.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "gold").mkdir()
    for gold, _ in chosen:
        (folder / "gold" / f"event-{gold['event']}.json").write_text(json.dumps(gold), "utf-8")
    told = folder / "told"
    command = ["backtest", str(folder / "articles.jsonl"), "--out", str(told), "--model", "recorded"]
    done = CliRunner().invoke(app, [*command, "--replies", str(REPLIES)])
    assert done.exit_code == 0, done.output
    scores = score(
        read_gold(folder / "gold"), read_briefings(told), event_of=read_events(folder / "articles.jsonl")
    )
    return scores, json.loads((told / "summary.json").read_text("utf-8"))


@pytest.mark.long
def test_no_recorded_reply_is_stale(scored):
    _, summary = scored
    assert summary["stale_records"] == []


@pytest.mark.parametrize("row", sorted(LEAST))
def test_a_row_stays_at_what_was_reached(scored, row):
    scores, _ = scored
    found = scores.rows[row]
    assert found.right >= LEAST[row] * found.of, f"{row}: {found.right} of {found.of}"
