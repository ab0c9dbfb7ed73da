"""The evidence check field by field: invented articles, true fields and faults planted before any rule was written.

``python -m benchmarks.evidence.planted [--missed FIELD] [--all] [--write]``; ``--write`` keeps the verdicts as the tests compare them. The sets are data (tests/evidence/planted). Only the half "looked at" was read
while the rules were tuned. Beside the check stands plain word overlap with the threshold that does best on that half.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from bot.evidence.labels import LabelledFact, restates, supersedes
from bot.evidence.proposed import FieldKind, ProposedField
from bot.evidence.update import check_fields
from bot.language.words import content_terms
from bot.model.news import Article, Citation, Sentence
from bot.model.record import Verdict

FOLDER = Path(__file__).parents[2] / "tests" / "evidence" / "planted"
VERDICTS = FOLDER / "verdicts.json"
FIELDS = ("claimant", "actor", "figure", "announcement", "outcome", "label", "opposite")
PUBLISHED = date(2031, 7, 9)
Case = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One planted case with what the check says; ``share`` is the share of its words in the sentences cited."""

    field: str
    case: Case
    right: bool
    held_out: bool
    verdicts: tuple[Verdict, ...]
    share: float

    @property
    def passed(self) -> bool:
        """Tell whether every part of the field passed."""
        return all(v.passed for v in self.verdicts)


def passages() -> dict[str, Article]:
    """Return the invented articles by their name."""
    data = tomllib.loads((FOLDER / "passages.toml").read_text("utf-8"))
    return {name: _article(name, **values) for name, values in data.items()}


def _article(
    name: str,
    *,
    told: Sequence[str],
    title: str = "",
    outlet: str = "",
    published: date = PUBLISHED,
    language: str = "en",
) -> Article:
    at = datetime.combine(published, time(12), tzinfo=UTC)
    return Article(
        id=name,
        title=title,
        outlet=outlet,
        published_at=at,
        fetched_at=at,
        language=language,
        sentences=tuple(Sentence(number=i, text=text) for i, text in enumerate(told, 1)),
    )


def cases(field: str) -> list[Case]:
    """Return the cases of one field as they lie in their file."""
    return [json.loads(line) for line in (FOLDER / f"{field}.jsonl").read_text("utf-8").splitlines()]


def measure(field: str) -> Iterator[Judged]:
    """Yield every case of ``field`` with its verdicts."""
    told = passages()
    groups: dict[str, int] = {}
    for case in cases(field):
        group = _group(case)
        held_out = groups.setdefault(group, len(groups)) % 2 == 1
        article = told[case["passage"]] if "passage" in case else _article("told", told=[_told(case)])
        numbers = tuple(case.get("cite", [1]))
        cited = " ".join(article.sentence(n).text for n in numbers)
        wanted = set(content_terms(_statement(case)))
        yield Judged(
            field=field,
            case=case,
            right=case["right"],
            held_out=held_out,
            verdicts=tuple(_CHECKS[field](case, article, numbers)),
            share=len(wanted & set(content_terms(cited))) / max(1, len(wanted)),
        )


def _group(case: Case) -> str:
    if "known" in case:
        return str(case["known"]["text"])
    if "value" in case and "told" in case:
        return str(case["text"])
    return str(case.get("passage") or case.get("state") or case.get("told", ""))


def _told(case: Case) -> str:
    return str(case["known"]["text"] if "known" in case else case["told"])


def _statement(case: Case) -> str:
    if "new" in case:
        return str(case["new"]["text"])
    return " ".join(str(case.get(part, "")) for part in ("state", "value", "who", "role", "text", "when"))


def _field(kind: FieldKind, *parts: str) -> Callable[[Case, Article, tuple[int, ...]], Iterator[Verdict]]:
    def check(case: Case, article: Article, numbers: tuple[int, ...]) -> Iterator[Verdict]:
        field = ProposedField(
            path=str(kind),
            kind=kind,
            citations=(Citation(article_id=article.id, sentences=numbers),),
            **{part: case[part] for part in parts},
        )
        yield from (c.verdict for c in check_fields([field], articles={(article.id, 1): article}))

    return check


def _label(case: Case, article: Article, numbers: tuple[int, ...]) -> Iterator[Verdict]:
    if case["label"] == "state":
        yield from _field(FieldKind.STATE, "text")({**case, "text": case["state"]}, article, numbers)
        return
    known, new = (
        LabelledFact(text=f["text"], claimant=f["who"], day=date.fromisoformat(f["day"]))
        for f in (case["known"], case["new"])
    )
    yield (restates if case["label"] == "restates" else supersedes)(new, known)


_CHECKS: dict[str, Callable[[Case, Article, tuple[int, ...]], Iterator[Verdict]]] = {
    "claimant": _field(FieldKind.FACT, "text", "who"),
    "actor": _field(FieldKind.ACTOR, "text", "who", "role"),
    "figure": _field(FieldKind.FIGURE, "value", "text", "who"),
    "announcement": _field(FieldKind.ANNOUNCEMENT, "text", "when", "who"),
    "outcome": _field(FieldKind.OUTCOME, "text", "value"),
    "label": _label,
    "opposite": _field(FieldKind.BACKGROUND, "text"),
}


def rates(judged: Sequence[Judged], passed: Callable[[Judged], bool]) -> tuple[float, float]:
    """Return the share of faults caught and the share of true fields refused."""
    faults = [j for j in judged if not j.right]
    true = [j for j in judged if j.right]
    caught = sum(not passed(j) for j in faults) / max(1, len(faults))
    return caught, sum(not passed(j) for j in true) / max(1, len(true))


def best_threshold(judged: Sequence[Judged]) -> float:
    """Return the share of words that parts true fields from faults best, by balanced accuracy."""

    def balanced(step: float) -> float:
        caught, refused = rates(judged, lambda j: j.share >= step)
        return caught - refused

    return max((step / 100 for step in range(102)), key=balanced)


def verdicts(field: str) -> list[str]:
    """Return what the check says of each case of ``field``, one line a case."""
    return ["; ".join(map(_in_words, judged.verdicts)) for judged in measure(field)]


def _in_words(verdict: Verdict) -> str:
    if not verdict.passed:
        return " ".join((verdict.reason, *verdict.words))
    how = ("repaired", verdict.repaired), ("flagged", verdict.flagged)
    return " ".join(("passed", *(word for word, so in how if so)))


def main(arguments: list[str]) -> None:
    if "--write" in arguments:
        told = {field: verdicts(field) for field in FIELDS}
        VERDICTS.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    missed = arguments[arguments.index("--missed") + 1] if "--missed" in arguments else ""
    print(
        f"{'field':14}{'half':12}{'faults':>7}{'true':>6}  {'caught':>7}{'refused':>9}{'balanced':>10}   words alone: caught, refused, balanced"
    )
    everything: list[Judged] = []
    for field in FIELDS:
        judged = list(measure(field))
        everything += judged
        threshold = best_threshold([j for j in judged if not j.held_out])
        for half in (False, True):
            _print(field, [j for j in judged if j.held_out is half], threshold, held_out=half)
        if field == missed:
            for j in judged:
                if j.passed is not j.right and ("--all" in arguments or not j.held_out):
                    print("   ", [(v.reason, v.words) for v in j.verdicts if not v.passed], j.case)
    threshold = best_threshold([j for j in everything if not j.held_out])
    for half in (False, True):
        _print("all", [j for j in everything if j.held_out is half], threshold, held_out=half)


def _print(field: str, judged: Sequence[Judged], threshold: float, *, held_out: bool) -> None:
    caught, refused = rates(judged, lambda j: j.passed)
    plain_caught, plain_refused = rates(judged, lambda j: j.share >= threshold)
    faults = sum(not j.right for j in judged)
    print(
        f"{field:14}{'held out' if held_out else 'looked at':12}{faults:>7}{len(judged) - faults:>6}  {caught:>7.1%}{refused:>9.1%}"
        f"{(caught + 1 - refused) / 2:>10.3f}   {plain_caught:.1%}, {plain_refused:.1%}, {(plain_caught + 1 - plain_refused) / 2:.3f}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
