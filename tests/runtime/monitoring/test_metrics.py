"""What is counted: every series is there before anything happened, and what happened is in it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import ModelError
from bot.flows.delivery.outcomes import DeliveryOutcome
from bot.llm import observed
from bot.llm.observed import PURPOSES, ObservedModel
from bot.llm.offline.scripted import ScriptedModel
from bot.log import set_up_logs
from bot.model.briefing import FeedFailure, Mode
from bot.model.chat import SHOWN_STATES
from bot.model.record import ModelUsage
from bot.model.talk import Verb
from bot.ports import ModelReply
from bot.runtime.monitoring.metrics import FeedStatus, Metrics, SystemStatus
from tests.conftest import ROOT
from tests.llm.asked import request

NOW = datetime(2031, 3, 10, tzinfo=UTC)
CALM = SystemStatus(deliveries={}, failing=0, overdue=0.0, unsent=0, read_ago=0.0)


@pytest.fixture
def metrics():
    made = Metrics(version="1.2.3", database="SQLite")
    made.begin(models=["m"], platforms=["slack"])
    return made


def samples(metrics):
    """Return every series of a scrape with its value."""
    lines = metrics.text(tick_age=0.0).decode().splitlines()
    return {
        name: float(value)
        for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")
        if not name.endswith("_created")
    }


def test_a_first_failure_is_an_increase_for_every_series_is_there_at_zero(metrics):
    found = samples(metrics)
    expected = [
        *(f'wirebrief_deliveries_total{{outcome="{outcome}"}}' for outcome in DeliveryOutcome),
        *(f'wirebrief_briefings_total{{mode="{mode}"}}' for mode in Mode),
        *(f'wirebrief_deliveries_by_state{{state="{state}"}}' for state in SHOWN_STATES),
        *(f'wirebrief_feed_polls_total{{outcome="{outcome}"}}' for outcome in ("read", "failed")),
        *(f'wirebrief_stories_read_ahead_total{{outcome="{outcome}"}}' for outcome in ("read", "failed")),
        *(f'wirebrief_requests_total{{platform="slack",verb="{verb}"}}' for verb in Verb),
        *(
            f'wirebrief_model_calls_total{{model="m",outcome="{outcome}",purpose="{purpose}"}}'
            for purpose in PURPOSES
            for outcome in ("answered", "failed")
        ),
        *(
            f'wirebrief_model_tokens_total{{kind="{kind}",model="m"}}'
            for kind in ("input", "cached", "output")
        ),
        'wirebrief_model_cost_total{model="m"}',
        'wirebrief_model_seconds_count{model="m"}',
        "wirebrief_articles_total",
        "wirebrief_ingest_seconds_count",
    ]
    assert {name: found.get(name) for name in expected} == dict.fromkeys(expected, 0.0)
    python = r"\d+\.\d+\.\d+"
    assert any(
        re.fullmatch(
            rf'wirebrief_build_info{{database="SQLite",python="{python}[^"]*",version="1.2.3"}}', name
        )
        for name in found
    )


def test_the_state_of_each_feed_is_told_and_a_removed_one_leaves(metrics):
    feeds = {
        "Post": FeedStatus(failures=0, read_ago=30.0),
        "Wire": FeedStatus(failures=3, read_ago=4000.0),
        "New": FeedStatus(failures=0, read_ago=None),
    }
    status = SystemStatus(
        deliveries={"due": 4}, failing=1, overdue=90.0, unsent=0, read_ago=30.0, open=4, budget_left=0.25, feeds=feeds
    )  # fmt: skip
    metrics.set_status(status)
    found = samples(metrics)
    assert [found[f'wirebrief_feed_up{{feed="{name}"}}'] for name in feeds] == [1, 0, 1]
    assert found['wirebrief_feed_failures{feed="Wire"}'] == 3
    assert found['wirebrief_feed_age_seconds{feed="Wire"}'] == 4000
    assert 'wirebrief_feed_age_seconds{feed="New"}' not in found
    assert (found["wirebrief_deliveries_open"], found["wirebrief_overdue_seconds"]) == (4, 90)
    assert found["wirebrief_budget_left_ratio"] == 0.25
    metrics.set_status(CALM)
    assert not [name for name in samples(metrics) if "feed=" in name]


@pytest.mark.slow
def test_an_ingest_counts_its_feeds_articles_and_seconds(metrics):
    from bot.flows.ingest.ingest import IngestReport  # noqa: PLC0415 - the other tests need no database

    metrics.count_ingest(
        IngestReport(
            started_at=NOW,
            finished_at=NOW + timedelta(seconds=7),
            feeds_read=3,
            articles_new=12,
            failures=(FeedFailure(feed="Wire", reason="It did not answer"),),
        )
    )
    found = samples(metrics)
    assert found["wirebrief_ingest_seconds_sum"] == 7
    assert found["wirebrief_articles_total"] == 12
    assert found['wirebrief_feed_polls_total{outcome="failed"}'] == 1


@pytest.fixture
def debug_lines(capsys):
    set_up_logs(level="debug", json_lines=True)
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


async def test_a_call_of_a_model_is_counted_with_its_tokens_cost_and_time(metrics, debug_lines):
    clock = iter([10.0, 14.0, 20.0, 21.0])

    class Priced:
        async def complete(self, asked):
            if asked.purpose == "repair":
                raise ModelError("It did not answer in time", reason="timeout")
            usage = ModelUsage(calls=1, input_tokens=900, cached_tokens=400, output_tokens=50, cost=2_500_000)
            return ModelReply(data={}, text="{}", model="m", usage=usage)

    model = ObservedModel(Priced(), name="m", observe=metrics.count_model_call, clock=lambda: next(clock))
    await model.complete(request(purpose="update"))
    with pytest.raises(ModelError):
        await model.complete(request(purpose="repair"))
    answered, failed = debug_lines()
    assert (answered["event"], answered["level"], answered["seconds"]) == ("model call", "debug", 4.0)
    assert [answered[f"{kind}_tokens"] for kind in ("input", "cached", "output")] == [900, 400, 50]
    assert (failed["purpose"], failed["reason"], failed["seconds"]) == ("repair", "timeout", 1.0)
    found = samples(metrics)
    assert found['wirebrief_model_calls_total{model="m",outcome="answered",purpose="update"}'] == 1
    assert found['wirebrief_model_calls_total{model="m",outcome="failed",purpose="repair"}'] == 1
    assert [found[f'wirebrief_model_tokens_total{{kind="{kind}",model="m"}}'] for kind in ("input", "cached", "output")] == [900, 400, 50]  # fmt: skip
    assert found['wirebrief_model_cost_total{model="m"}'] == 2.5
    assert found['wirebrief_model_seconds_sum{model="m"}'] == 5


async def test_what_nobody_observes_is_answered_all_the_same():
    model = ObservedModel(ScriptedModel(lambda _asked: {"ready": True}), name="m")
    assert (await model.complete(request())).data == {"ready": True}
    observed.observe_nothing(observed.ModelCallReport(model="m", purpose="update", seconds=0.0))


def test_every_purpose_of_a_call_has_its_series():
    sources = "".join(file.read_text("utf-8") for file in (ROOT / "bot").rglob("*.py"))
    assert set(re.findall(r'\bpurpose="([^"]+)"', sources)) | {"question"} <= set(PURPOSES) | {"briefing"}
