"""Every decision says when it was made."""

from __future__ import annotations

import re
from datetime import date

from tests.conftest import ROOT

DECIDED = re.compile(r"^\*\*[^*]+\*\* \((\d{4}-\d\d-\d\d)\) \S")


def test_every_decision_has_its_day():
    lines = (ROOT / "DECISIONS.md").read_text("utf-8").splitlines()
    questions = [line for line in lines if line.startswith("**")]
    assert questions
    undated = [line[:80] for line in questions if not DECIDED.match(line)]
    assert not undated
    assert all(date.fromisoformat(found[1]) for line in questions if (found := DECIDED.match(line)))


def test_no_question_is_decided_twice():
    questions = re.findall(r"^\*\*([^*]+)\*\*", (ROOT / "DECISIONS.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(questions) == sorted(set(questions))
