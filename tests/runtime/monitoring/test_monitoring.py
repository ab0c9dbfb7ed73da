"""The alerts and the dashboard that come with the bot: every metric they name is in a scrape, and each alert rings at the first failure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

import pytest
import yaml

from bot.flows.delivery.outcomes import DeliveryOutcome
from bot.llm.observed import ModelCallReport
from bot.model.briefing import Mode
from bot.runtime.monitoring.metrics import FeedStatus, Metrics, SystemStatus
from tests.conftest import ROOT
from tests.support.running.rows import each_row

RULES = [
    rule
    for group in yaml.safe_load((ROOT / "config/prometheus/rules.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
TESTED = yaml.safe_load((ROOT / "config/prometheus/rules.test.yml").read_text("utf-8"))["tests"]
DASHBOARD = json.loads((ROOT / "config/grafana/wirebrief.json").read_text("utf-8"))
PAGE = (ROOT / "docs" / "operating.md").read_text("utf-8")
CALM = SystemStatus(
    deliveries={},
    failing=0,
    overdue=0.0,
    unsent=0,
    read_ago=30.0,
    feeds={"Post": FeedStatus(failures=0, read_ago=9.0)},
)

# What makes each alert ring.
TROUBLE = {
    "WirebriefSchedulerStopped": lambda m: None,  # the age of the last pass is given with the scrape
    "WirebriefBriefingsLate": lambda m: m.set_status(replace(CALM, overdue=121.0)),
    "WirebriefDeliveriesFailing": lambda m: m.set_status(replace(CALM, failing=1)),
    "WirebriefDeliveryFailed": lambda m: m.count_delivery(DeliveryOutcome.FAILED, 0.0),
    "WirebriefDeliveryUncertain": lambda m: m.set_status(replace(CALM, deliveries={"uncertain": 1})),
    "WirebriefApprovalWaits": lambda m: m.set_status(replace(CALM, deliveries={"awaiting approval": 1})),
    "WirebriefBriefingsDegraded": lambda m: m.count_briefing(Mode.DEGRADED),
    "WirebriefNothingRead": lambda m: m.count_briefing(Mode.NOTHING_READ),
    "WirebriefModelFailing": lambda m: [
        m.count_model_call(ModelCallReport(model="m", purpose="update", seconds=1.0, reason="timeout"))
        for _ in range(6)
    ],
    "WirebriefBudgetLow": lambda m: m.set_status(replace(CALM, budget_left=0.05)),
    "WirebriefNotReading": lambda m: m.set_status(replace(CALM, read_ago=21_601.0)),
    "WirebriefFeedDown": lambda m: m.set_status(replace(CALM, feeds=CALM.feeds | {"Wire": FeedStatus(failures=6, read_ago=1.0)})),
    "WirebriefManyFeedsDown": lambda m: m.set_status(
        replace(CALM, feeds={name: FeedStatus(failures=1, read_ago=None) for name in ("Post", "Wire")})
    ),
    "WirebriefDisconnected": lambda m: m.set_connected("slack", connected=False),
    "WirebriefNoticesUnsent": lambda m: m.set_status(replace(CALM, unsent=1)),
}  # fmt: skip
FROM_PROMETHEUS = {"WirebriefDown"}  # of a series of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One series of a scrape."""

    name: str
    labels: dict[str, str]
    value: float


def begun():
    metrics = Metrics(version="1", database="SQLite")
    metrics.begin(models=["m"], platforms=["slack"])
    metrics.set_status(CALM)
    metrics.set_connected("slack", connected=True)
    return metrics


def scrape(metrics, *, tick_age=1.0):
    found = []
    for line in metrics.text(tick_age=tick_age).decode().splitlines():
        if not line.startswith("#"):
            head, _, value = line.rpartition(" ")
            name, _, labels = head.partition("{")
            found.append(
                Sample(name=name, labels=dict(re.findall(r'(\w+)="([^"]*)"', labels)), value=float(value))
            )
    return found


def selectors(expression):
    """Yield the metric and the label matchers of each selector of ``expression``."""
    for name, labels in re.findall(r"\b(wirebrief_\w+)(?:\{([^}]*)\})?", expression):
        yield name, re.findall(r'(\w+)(!?=)"([^"]*)"', labels)


def queries():
    """Yield every query of the dashboard."""
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", ()):
            yield target["expr"]


@each_row("expression", [*(rule["expr"] for rule in RULES), *queries()])
def test_whatever_is_asked_for_is_in_a_scrape(expression):
    scraped = scrape(begun())
    for name, matchers in selectors(expression):
        series = [sample for sample in scraped if sample.name == name]
        assert series, name
        for label, how, value in matchers:
            if label != "job":  # Prometheus adds it
                assert {label} <= series[0].labels.keys(), f"{name}: {label}"
                assert how == "!=" or value in {sample.labels[label] for sample in series}, f"{name}: {value}"
    for labels in re.findall(r"by \(([^)]*)\)", expression):
        known = {"job", "le"} | {key for name, _ in selectors(expression) for s in scraped if s.name == name for key in s.labels}  # fmt: skip
        assert {label.strip() for label in labels.split(",")} <= known


FORM = re.compile(
    r"(?:(?P<fold>sum|max|min|avg) by \([^)]*\) \()?(?P<grown>increase\()?(?P<selector>[^\[\])]+)"
    r"(?:\[\w+\]\))?\)? (?P<op>[<>]) (?P<limit>[\d.]+)"
)


def rings(rule, before, after):
    """Evaluate the rule between two scrapes: by groups that hold one series each, or that are folded."""
    form = FORM.fullmatch(rule["expr"])
    assert form, rule["expr"]
    ((name, matchers),) = selectors(form["selector"])

    def chosen(scraped):
        return {
            tuple(sorted(sample.labels.items())): sample.value
            for sample in scraped
            if sample.name == name and all(sample.labels.get(key) == value for key, _, value in matchers)
        }

    now, then = chosen(after), chosen(before)
    # As Prometheus has it: a series that was not there before has not grown.
    values = (
        [now[key] - then[key] for key in now.keys() & then.keys()] if form["grown"] else list(now.values())
    )
    fold = {"sum": sum, "min": min, "avg": lambda some: sum(some) / len(some)}.get(form["fold"], max)
    if not values:
        return False
    value, limit = fold(values), float(form["limit"])
    return value > limit if form["op"] == ">" else value < limit


@pytest.mark.parametrize(
    "rule", [r for r in RULES if r["alert"] not in FROM_PROMETHEUS], ids=lambda r: r["alert"]
)
def test_an_alert_rings_at_the_first_failure_and_not_before(rule):
    metrics = begun()
    before = scrape(metrics)
    assert not rings(rule, before, scrape(metrics))
    TROUBLE[rule["alert"]](metrics)
    after = scrape(metrics, tick_age=61.0 if rule["alert"] == "WirebriefSchedulerStopped" else 1.0)
    assert rings(rule, before, after)
    assert [other["alert"] for other in RULES if other["alert"] not in FROM_PROMETHEUS and rings(other, before, after)] == [rule["alert"]]  # fmt: skip


def test_every_alert_is_explained_tested_and_ranked():
    names = [rule["alert"] for rule in RULES]
    assert set(names) == TROUBLE.keys() | FROM_PROMETHEUS
    assert set(re.findall(r"`(Wirebrief[A-Z]\w+)`", PAGE)) == set(names)
    for rule in RULES:
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}
        assert rule["annotations"]["summary"]
        tests = [t for one in TESTED for t in one["alert_rule_test"] if t["alertname"] == rule["alert"]]
        assert {bool(test["exp_alerts"]) for test in tests} == {True, False}, rule["alert"]


def test_the_dashboard_shows_every_metric_and_its_panels_do_not_overlap():
    shown = {name for query in queries() for name, _ in selectors(query)}
    families = {family.name for family in begun().registry.collect()}
    assert {name for name in families if not any(one.startswith(name) for one in shown)} == set()
    taken = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    assert {variable["name"] for variable in DASHBOARD["templating"]["list"]} == {"datasource", "job"}


def test_prometheus_scrapes_the_port_of_the_bot_and_reads_the_rules():
    config = yaml.safe_load((ROOT / "config/prometheus/prometheus.yml").read_text("utf-8"))
    assert config["rule_files"] == ["rules.yml"]
    (job,) = config["scrape_configs"]
    assert (job["job_name"], job["static_configs"][0]["targets"]) == ("wirebrief", ["wirebrief:8321"])
