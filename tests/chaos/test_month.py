"""The simulated month in small: killed at boundaries and at random, nothing is lost and nothing doubled."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT
from tests.support.running import processes

pytestmark = pytest.mark.slow


@pytest.mark.long
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_rule_8_under_kills_every_slot_is_posted_once_whole_and_in_order_and_every_story_read_once(engine):
    size = ("--days", "1", "--channels", "3", "--kills", "4", "--seed", "3", "--processes", "2")
    done = processes.run("--engine", engine, *size, module="tests.chaos.month", cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "lost 0; duplicated 0" in done.stdout
    assert "read twice 0; kept in halves 0" in done.stdout
    ahead = re.search(r"made ahead (\d+)", done.stdout)
    assert ahead
    assert int(ahead[1]) > 0
    kills = re.search(r"(\d+) SIGKILLs", done.stdout)
    assert kills
    assert int(kills[1]) >= 4
