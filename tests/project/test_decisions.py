"""Every decision says when it was made, and the newest of an area comes first."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from tests.conftest import ROOT

DECIDED = re.compile(r"^\*\*[^*]+\*\* \((\d{4}-\d\d-\d\d)\) \S")


def test_every_decision_has_its_day():
    lines = (ROOT / "DECISIONS.md").read_text("utf-8").splitlines()
    questions = [line for line in lines if line.startswith("**")]
    assert questions
    undated = [line[:80] for line in questions if not DECIDED.match(line)]
    assert not undated
    assert all(date.fromisoformat(found[1]) for line in questions if (found := DECIDED.match(line)))


def test_the_newest_decision_of_an_area_comes_first():
    for area in (ROOT / "DECISIONS.md").read_text("utf-8").split("\n## ")[1:]:
        dated = [(found[1], line[:80]) for line in area.splitlines() if (found := DECIDED.match(line))]
        late = [line for (day, _), (next_day, line) in pairwise(dated) if next_day > day]
        assert not late, f"{area.splitlines()[0]}: newer than the decision above them: {late}"


def test_no_question_is_decided_twice():
    questions = re.findall(r"^\*\*([^*]+)\*\*", (ROOT / "DECISIONS.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(questions) == sorted(set(questions))
