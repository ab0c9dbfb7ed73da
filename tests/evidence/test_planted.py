"""Each field of an update keeps its figures on the planted sets: faults stopped, true fields let through."""

from __future__ import annotations

import json

import pytest

from benchmarks.evidence import planted

# The least share of planted faults caught and the most of true fields refused, over both halves.
BOUNDS = {
    "claimant": (0.96, 0.08),
    "actor": (0.88, 0.04),
    "figure": (0.84, 0.24),
    "announcement": (0.84, 0.10),
    "outcome": (0.96, 0.13),
    "label": (0.85, 0.06),
    "opposite": (0.95, 0.05),
}


@pytest.mark.slow
@pytest.mark.parametrize("field", BOUNDS)
def test_a_field_keeps_its_figures_on_planted_faults(field: str):
    judged = list(planted.measure(field))
    assert len(judged) >= 60
    caught, refused = planted.rates(judged, lambda j: j.passed)
    least, most = BOUNDS[field]
    assert caught >= least
    assert refused <= most


@pytest.mark.slow
@pytest.mark.parametrize("field", planted.FIELDS)
def test_each_planted_case_keeps_its_verdict(field: str):
    """A verdict that changes is read beside its case; then ``python -m benchmarks.evidence.planted --write`` keeps it."""
    kept = json.loads(planted.VERDICTS.read_text("utf-8"))[field]
    assert planted.verdicts(field) == kept
