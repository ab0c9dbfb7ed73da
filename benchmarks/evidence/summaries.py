"""The evidence check on other people's prose: sentences of machine-written summaries that were marked by reading.

``python -m benchmarks.evidence.summaries [--missed] [--all]``. The marks (tests/golden/summary_marks.jsonl) were made by reading each sentence beside its
article before the check ever saw it; the texts are not part of the project. Rules may be tuned on one half of the
articles; the figures are those of the other. Beside it stands the plainest alternative: the share of the words found in the cited sentences,
with the one threshold that does best on the first half.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.data import FOLDER, need_data
from bot.evidence.check import check_statement
from bot.evidence.reasons import SOFT_REASONS
from bot.language.sentences.split import split_sentences
from bot.language.text_cache import open_text_caches
from bot.language.words import content_terms, fold
from bot.model.news import Article, Citation, DateSource
from bot.model.record import Verdict

MARKS = Path(__file__).parents[2] / "tests" / "golden" / "summary_marks.jsonl"
MAX_CITED = 5  # sentences that the stand-in for a writer cites
_WORDS = re.compile(r"[^\W_][\w.,-]*\w|\w")
UNDATED = datetime(2020, 1, 1, tzinfo=UTC)
_RUN_ON = re.compile(r"(?<=[a-z0-9%)'’”])([.?!]['’”]?)(?=['‘“]?[A-Z])")  # "he said.The minister"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One sentence of a summary with what a reader said of it; ``fault`` is empty for one that is carried."""

    row: int
    text: str
    article: Article
    carried: bool
    fault: str
    held_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A marked sentence with the check's verdict and the share of its words in the sentences cited."""

    marked: Marked
    verdict: Verdict
    share: float


def load() -> list[Marked]:
    """Return the marked sentences, those left out that the reader found unclear; exits where a text is another."""
    with gzip.open(FOLDER / "outside" / "false_summaries.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    marks = [json.loads(line) for line in MARKS.read_text("utf-8").splitlines()]
    order = list(dict.fromkeys(m["row"] for m in marks))
    articles = {row: _article(row, rows[row]["article"]) for row in order}
    found = []
    for mark in marks:
        sentences = split_sentences(rows[mark["row"]][f"{mark['summary']}_summary"], language="en")
        text = sentences[mark["sentence"] - 1].text
        if hashlib.sha256(text.encode()).hexdigest()[:16] != mark["sha256"]:
            raise SystemExit(f"Sentence {mark['sentence']} of row {mark['row']} is not the one once marked.")
        if mark["verdict"] != "unclear":
            found.append(
                Marked(
                    row=mark["row"],
                    text=text,
                    article=articles[mark["row"]],
                    carried=mark["verdict"] == "carried",
                    fault=mark.get("fault", ""),
                    held_out=order.index(mark["row"]) % 2 == 1,
                )
            )
    return found


def _article(row: int, text: str) -> Article:
    return Article(
        id=str(row),
        title="",
        published_at=UNDATED,
        date_source=DateSource.FETCHED,
        fetched_at=UNDATED,
        language="en",
        sentences=split_sentences(_RUN_ON.sub(r"\1 ", html.unescape(html.unescape(text))), language="en"),
    )


def cited(text: str, article: Article) -> tuple[int, ...]:
    """Return the sentences a careful writer would have cited: the likest, then those that add most of the rest.

    Names and numbers count double, for a writer who uses one knows where it stands.
    """
    left = Counter(dict.fromkeys(content_terms(text), 1))
    left.update(fold(w) for w in re.findall(r"\b[A-Z][\w-]+", text))
    left.update({fold(w): 2 for w in re.findall(r"\b\d(?:[\d.,]*\d)?", text)})
    held = {
        s.number: {*content_terms(s.text), *(fold(w) for w in _WORDS.findall(s.text))}
        for s in article.sentences
    }
    chosen: list[int] = []
    while left and len(chosen) < MAX_CITED:
        gain, number = max(
            ((sum(n for t, n in left.items() if t in held[k]), -k) for k in held), default=(0, 0)
        )
        if gain < (1 if not chosen else 2):
            break
        chosen.append(-number)
        left = Counter({t: n for t, n in left.items() if t not in held[-number]})
    return tuple(sorted(chosen))


def judge(marked: Marked) -> Judged:
    """Return the verdict on one sentence, all sentences of its article given."""
    numbers = cited(marked.text, marked.article)
    citation = Citation(article_id=marked.article.id, sentences=numbers)
    verdict = check_statement(marked.text, [citation], articles={(marked.article.id, 1): marked.article})
    wanted = set(content_terms(marked.text))
    held = {t for n in numbers for t in content_terms(marked.article.sentence(n).text)}
    return Judged(marked=marked, verdict=verdict, share=len(wanted & held) / max(1, len(wanted)))


def best_threshold(judged: Sequence[Judged]) -> float:
    """Return the share of words that parts carried from uncarried best, by balanced accuracy."""
    steps = [step / 100 for step in range(101)]
    return max(steps, key=lambda step: balanced(judged, [j.share >= step for j in judged]))


def balanced(judged: Sequence[Judged], passed: Sequence[bool]) -> float:
    """Return the mean of the share caught and the share passed."""
    caught, refused = rates(judged, passed)
    return (caught + 1 - refused) / 2


def rates(judged: Sequence[Judged], passed: Sequence[bool]) -> tuple[float, float]:
    """Return the share of faults caught and the share of true sentences refused."""
    pairs = list(zip(judged, passed, strict=True))
    faults = [ok for j, ok in pairs if not j.marked.carried]
    true = [ok for j, ok in pairs if j.marked.carried]
    return 1 - sum(faults) / max(1, len(faults)), 1 - sum(true) / max(1, len(true))


def main(arguments: list[str]) -> None:
    need_data()
    with open_text_caches():
        judged = [judge(marked) for marked in load()]
    tuned = [j for j in judged if not j.marked.held_out]
    threshold = best_threshold(tuned)
    for name, part in (("tuning half", tuned), ("held out", [j for j in judged if j.marked.held_out])):
        _print(name, part, threshold)
    if "--missed" in arguments:
        for j in judged:
            if j.verdict.passed != j.marked.carried and ("--all" in arguments or not j.marked.held_out):
                _print_miss(j)


def _print(name: str, part: Sequence[Judged], threshold: float) -> None:
    print(f"{name}: {len(part)} sentences, {sum(not j.marked.carried for j in part)} with a fault")
    rows = (
        ("evidence check", [j.verdict.passed for j in part]),
        ("its hard reasons alone", [j.verdict.passed or j.verdict.reason in SOFT_REASONS for j in part]),
        (f"words, at least {threshold:.0%}", [j.share >= threshold for j in part]),
    )
    for title, passed in rows:
        caught, refused = rates(part, passed)
        print(
            f"  {title:24} caught {caught:6.1%}  true refused {refused:6.1%}  balanced {balanced(part, passed):.3f}"
        )
    reasons = Counter(j.verdict.reason for j in part if j.marked.carried and not j.verdict.passed)
    print("    true ones are refused as", ", ".join(f"{reason} {n}" for reason, n in reasons.most_common()))
    for fault in sorted({j.marked.fault for j in part} - {""}):
        of = [j for j in part if j.marked.fault == fault]
        print(
            f"    {fault:12} {sum(not j.verdict.passed for j in of):3} of {len(of):3} caught by the check, {sum(j.share < threshold for j in of):3} by words"
        )


def _print_miss(judged: Judged) -> None:
    verdict = judged.verdict
    kind = "true, refused" if judged.marked.carried else f"{judged.marked.fault}, passed"
    print(f"\n{kind}: {verdict.reason} {verdict.words} {'repaired' if verdict.repaired else ''}")
    print(f"  {judged.marked.text}")
    for citation in verdict.citations:
        for n in citation.sentences:
            print(f"    > {judged.marked.article.sentence(n).text[:400]}")


if __name__ == "__main__":
    main(sys.argv[1:])
