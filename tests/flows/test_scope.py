"""Who is told what: no string enters a prompt or a channel that may not be read there, whatever is done in which order."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.flows.scopes import Scopes
from tests.support.sizes import sized

pytestmark = pytest.mark.slow


@pytest.mark.long
def test_nobody_is_told_what_belongs_to_others():
    run_state_machine_as_test(
        Scopes,
        settings=settings(
            max_examples=sized(4, 40),
            stateful_step_count=30,
            deadline=None,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),  # making one smaller takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
