"""Spans: nothing where nobody asked for them, and elsewhere the ids of the log and no words of anybody."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import timedelta

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from bot import tracing
from bot.errors import ConfigError
from bot.flows.requests.subscribing.subscribe import SubscriptionRequest, subscribe
from bot.log import set_up_logs
from bot.model.conversation.answer import Question
from bot.runtime.app import CONSOLE
from bot.runtime.compose import scripted_model
from bot.runtime.monitoring.traces import open_traces
from bot.tracing import span
from tests.flows.world import NOW
from tests.runtime.test_operators_log import named, running, until

pytestmark = pytest.mark.slow


@pytest.fixture
def spans():
    """Return what gives the spans that have ended, oldest first."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.use(provider)
    yield exporter.get_finished_spans
    tracing.use(None)


@pytest.fixture
def lines(capsys):
    set_up_logs(level="info", json_lines=True)
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def attributes(one):
    return {name.removeprefix("wirebrief."): value for name, value in one.attributes.items()}


def test_without_a_tracer_a_span_is_nothing():
    with span("ingest", read=1) as one:
        one.set(new=2)


def test_a_span_has_its_ids_and_an_error_only_its_kind(spans):
    def fail():
        with span("delivery", delivery="dlv-1") as one:
            one.set(briefing="brf-1")
            raise ValueError("a canary")

    with pytest.raises(ValueError, match="canary"), span("request", request="r"):
        fail()
    inner, outer = spans()
    assert attributes(inner) == {"delivery": "dlv-1", "briefing": "brf-1"}
    assert inner.parent.span_id == outer.context.span_id
    assert inner.status.status_code is StatusCode.ERROR
    assert inner.status.description == "ValueError"
    assert "canary" not in inner.to_json() + outer.to_json()


def test_spans_of_one_subject_are_one_trace_and_the_log_names_it(spans, lines):
    for step in ("gather", "write"):
        with span("delivery", trace_of="dlv-1", step=step):
            structlog.get_logger().info("inside")
    with span("delivery", trace_of="dlv-2"):
        pass
    structlog.get_logger().info("outside")
    first, second, other = spans()
    assert first.context.trace_id == second.context.trace_id != other.context.trace_id
    inside, _, outside = lines()
    assert (inside["trace"], inside["span"]) == (
        f"{first.context.trace_id:032x}",
        f"{first.context.span_id:016x}",
    )
    assert "trace" not in outside


async def test_what_is_not_installed_is_named_with_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter", None)
    with pytest.raises(ConfigError, match="OpenTelemetry is not installed") as refused:
        async with open_traces("http://127.0.0.1:4318"):
            pass
    assert "[otel]" in refused.value.hint
    async with open_traces(""):
        pass


async def test_the_bots_work_is_traced_with_the_ids_of_the_log(sqlite_url, spans, lines):
    async with running(sqlite_url, model=scripted_model()) as (world, service, _):
        app = service.app
        request = SubscriptionRequest(channel="webhook:ops", times="daily 08:30", zone="UTC")
        await subscribe(request, store=app.store, chats=service.chats, now=NOW, zone="UTC")
        await service.read()
        world.clock[0] = NOW + timedelta(minutes=30, seconds=2)
        await service.tick()
        line = await until(lines, "delivery finished")
        question = Question(text="Who was killed at the port?", asked_at=world.clock[0], scope=CONSOLE)
        answer = await app.ask(question)
        async with asyncio.timeout(300):
            while not (ended := [s for s in spans() if attributes(s).get("step") == "record"]):  # noqa: ASYNC110 - it ends after its line
                await asyncio.sleep(0.02)
    found = {}
    for one in spans():
        found.setdefault(one.name, []).append(one)
    assert found.keys() == {"ingest", "story update", "briefing", "delivery", "answer"}
    assert attributes(found["ingest"][0]) == {"due": 2, "read": 1, "new": 1}
    assert attributes(found["answer"][0]) == {"answer": answer.id}
    (briefing,) = found["briefing"]
    assert attributes(briefing)["briefing"] == line["briefing"]
    assert {attributes(one)["delivery"] for one in found["delivery"]} == {line["delivery"]}
    assert len({one.context.trace_id for one in [*found["delivery"], *found["story update"], briefing]}) == 1
    steps = [attributes(one)["step"] for one in found["delivery"]]
    assert steps[:3] == ["gather", "write", "render"]
    (update,) = found["story update"]
    assert attributes(update)["story"].startswith("sto-")
    assert line["span"] == f"{ended[0].context.span_id:016x}"
    assert not named([line], "fault")
    assert "killed" not in "".join(one.to_json() for one in spans())
