"""The page for operators names what there is: every verb, metric, key, path and file of it exists, and none is left out."""

from __future__ import annotations

import re
import tomllib

import pytest
from typer.main import get_command

from bot.cli import app
from bot.config import Config, RunSettings
from bot.model.chat import SHOWN_STATES
from bot.runtime.monitoring.metrics import Metrics, SystemStatus
from bot.store import retention
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs" / "operating.md").read_text("utf-8")
CONTAINER = (ROOT / "config" / "Containerfile").read_text("utf-8")
UNIT = (ROOT / "config" / "wirebrief.service").read_text("utf-8")
VERBS = get_command(app).commands


def counted():
    metrics = Metrics()
    metrics.set_status(
        SystemStatus(deliveries={"uncertain": 2}, overdue=1.0, failing=0, unsent=0, read_ago=0.0)
    )
    return metrics


def test_every_verb_and_option_of_the_page_exists():
    spans = [*re.findall(r"`([^`\n]+)`", PAGE), *re.findall(r"^(wirebrief [^#\n]+)", PAGE, re.MULTILINE)]
    calls = [span.split() for span in spans if span.startswith(("wirebrief ", "--"))]
    verbs = {call[1] for call in calls if call[0] == "wirebrief"}
    assert {
        "run",
        "check",
        "backup",
        "restore",
        "forget",
        "deliveries",
        "confirm",
        "resend",
        "resume",
    } <= verbs
    assert verbs <= VERBS.keys()
    known = {option for verb in {*verbs, "subscribe"} for option in _options(VERBS[verb])}
    assert {word for call in calls for word in call if word.startswith("--")} <= known


def _options(command):
    """Yield the options of a verb, and those of each verb of a group."""
    for parameter in command.params:
        yield from parameter.opts
    for verb in getattr(command, "commands", {}).values():
        yield from _options(verb)


def test_every_metric_is_on_the_page_and_every_one_of_the_page_exists():
    families = {family.name for family in counted().registry.collect()}
    samples = {s.name for family in counted().registry.collect() for s in family.samples} | families
    named = set(re.findall(r"\bwirebrief_[a-z_]+", PAGE))
    totals = {family.name + "_total" for family in counted().registry.collect() if family.type == "counter"}
    assert named - samples - totals == set()
    others = {family.name for family in counted().registry.collect() if family.type != "counter"}
    assert (totals | others) - named == set()


def test_every_key_of_the_page_exists():
    config = Config()
    for section, key in re.findall(r"`([a-z]+)\.([a-z_]+)`", PAGE):
        if section in {"wirebrief", "secrets"}:
            continue  # files
        assert key in type(getattr(config, section)).model_fields, f"{section}.{key}"
    kept = set(re.findall(r"`([a-z]+_days)`", PAGE))
    assert kept == set(type(config.keep).model_fields)
    assert {key for _, key in retention.RETENTION_COLUMNS.values()} <= kept
    for block in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL):
        Config.model_validate(tomllib.loads(block))


def test_a_state_that_nothing_stands_in_any_more_is_counted_as_none():
    metrics = counted()
    assert b'wirebrief_deliveries_by_state{state="uncertain"} 2.0' in metrics.text(tick_age=0.0)
    metrics.set_status(SystemStatus(deliveries={}, overdue=0.0, failing=0, unsent=0, read_ago=0.0))
    text = metrics.text(tick_age=0.0).decode()
    assert all(f'wirebrief_deliveries_by_state{{state="{state}"}} 0.0' in text for state in SHOWN_STATES)


def test_the_container_is_built_from_what_there_is_and_runs_as_nobody_in_particular():
    for line in re.findall(r"^COPY (?!--from)(.*)$", CONTAINER, re.MULTILINE):
        *sources, _ = line.split()
        assert all((ROOT / source).exists() for source in sources), line
    port = RunSettings().http.rpartition(":")[2]
    assert f"EXPOSE {port}" in CONTAINER
    assert f"127.0.0.1:{port}/readyz" in CONTAINER
    assert re.search(r"^USER \d+$", CONTAINER, re.MULTILINE)
    assert "--require-hashes" in CONTAINER


def test_the_unit_gives_the_bot_time_to_finish_what_it_delivers():
    stop = re.search(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)
    assert stop
    assert int(stop[1]) > 2 * RunSettings().stop_seconds
    assert re.search(r"^ExecStart=\S+/wirebrief run$", UNIT, re.MULTILINE)
    assert re.search(r"^User=wirebrief$", UNIT, re.MULTILINE)
