"""The model for one piece of work: made without reading files, and narrower near its budget's ceiling."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.flows.briefing.session import ModelSession
from tests.flows.ferry import Answers

pytestmark = pytest.mark.slow

SESSION = ModelSession(model=Answers())


@pytest.mark.parametrize(("used", "most"), [(0.0, None), (0.79, None), (0.8, 4), (1.5, 4)])
def test_near_the_ceiling_half_of_the_stories_are_read(used, most):
    assert replace(SESSION, used=used).most(7) == most


async def test_a_session_that_is_given_no_kinds_reads_the_shipped_ones_beside_the_loop():
    reads = await replace(SESSION, workspace="T1").reader()
    assert "negotiation" in reads.kinds
    assert "negotiation" in reads.prompts.update.system
    assert (reads.workspace, reads.fence("k") == reads.fence("k")) == ("T1", False)


def test_all_stories_together_have_no_longer_than_a_briefing_may_take():
    assert SESSION.seconds == SESSION.limits.briefing
    assert replace(SESSION, deadline=1.5).seconds == 1.5
