"""Statements beside the sentences they cite: which pass, and for what reason the others are refused."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from bot.evidence.check import check_statement
from bot.model.news import Citation
from tests.evidence.checking import article
from tests.support.running.rows import each_row

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("statements.toml").read_text("utf-8"))[
    "case"
]


def judge(case: dict[str, Any], statement: str):
    cited = tuple(case.get("cite", range(1, len(case["said"]) + 1)))
    more = {name: case[name] for name in ("claimant", "field") if name in case}
    return check_statement(
        statement,
        [Citation(article_id="a", sentences=cited)],
        articles={("a", 1): article(*case["said"], title=case.get("title", ""))},
        **more,
    )


@each_row(("case", "statement"), [(case, one) for case in CASES for one in case["true"]])
def test_a_true_statement_passes(case: dict[str, Any], statement: str):
    verdict = judge(case, statement)
    assert verdict.passed, (verdict.reason, verdict.words)


@each_row(("case", "refused"), [(case, one) for case in CASES for one in case["false"]])
def test_a_false_statement_is_refused_for_its_fault(case: dict[str, Any], refused: list[str]):
    reason, statement = refused
    assert judge(case, statement).reason == reason
