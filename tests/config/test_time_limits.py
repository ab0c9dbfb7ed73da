"""Promises about the waits for a model: all follow from the one that is configured."""

from __future__ import annotations

import ast

import pytest

from bot.config.time_limits import DEFAULT_LIMITS, TimeLimits
from tests.conftest import ROOT
from tests.support.running.rows import each_row

NAMES = [name for name, value in vars(TimeLimits).items() if isinstance(value, property)]
ASKING = (
    "llm",
    "flows/briefing",
    "flows/answer",
    "flows/link",
    "flows/updates",
    "updates",
    "briefings",
    "answers",
)
OTHER_WAITS = {
    "MAX_TRYING_SECONDS",  # of the questions under a briefing, which are tried without a model
    "BACK_OFF_SECONDS",  # before a second try, where the endpoint asks for no wait
    "LOG_SECONDS",  # between two lines of the log
    "MAX_MINUTE_QUOTA_SECONDS",  # tells a quota of the minute from one of the day
    "PATTERN_TIMEOUT_SECONDS",  # of a filter's pattern
    "ASK_AGAIN_SECONDS",  # between two looks whether another process has read a story
}


@each_row("name", NAMES)
def test_each_limit_is_in_proportion_to_the_deadline(name):
    for deadline in (1.0, 37.0, 600.0):
        assert getattr(TimeLimits(deadline=deadline), name) == pytest.approx(
            deadline / 60.0 * getattr(DEFAULT_LIMITS, name)
        )


def test_no_work_that_somebody_asked_for_ends_before_one_answer_may():
    limits = TimeLimits(deadline=180.0)
    assert min(limits.call, limits.question, limits.check, limits.briefing) >= 180.0


@pytest.mark.slow
def test_no_other_wait_stands_where_models_are_asked():
    """A number of seconds there is a limit that the operator of a slow model cannot move."""
    found = set()
    for folder in ASKING:
        for path in (ROOT / "bot" / folder).rglob("*.py"):
            for node in ast.parse(path.read_text("utf-8")).body:
                targets = node.targets if isinstance(node, ast.Assign) else []
                names = {target.id for target in targets if isinstance(target, ast.Name)}
                found |= {name for name in names if name.endswith(("_SECONDS", "_TIMEOUT", "_DEADLINE"))}
    assert found <= OTHER_WAITS
