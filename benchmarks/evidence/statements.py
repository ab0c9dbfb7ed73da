"""The evidence check: planted faults caught per kind, and false alarms on true statements and honest paraphrases.

``python -m benchmarks.evidence.statements [--missed KIND] [--plants N]``; the seed is fixed. Half the events were looked at while
the check was written, the other half ("held out") were not. All paraphrases were, in the end: docs/evidence.md says how
many failed when they were first judged.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from benchmarks.data import labelled, need_data
from benchmarks.evidence.plants import ON_PARAPHRASES, PLANTS, Case, bases
from bot.evidence.check import check_statement
from bot.evidence.reading.synonyms import content
from bot.evidence.reasons import explain
from bot.language.text_cache import open_text_caches
from bot.model.news import Article, Citation
from bot.model.record import Verdict

PARAPHRASES = Path(__file__).parents[2] / "tests" / "golden" / "paraphrases.jsonl"
SEED = 20_260_707
PER_KIND = 1_000
CLEAN = ("clean, whole", "clean, shortened", "clean, two joined", "paraphrase")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One case with its verdict; ``held_out`` tells whether it was kept from tuning."""

    case: Case
    verdict: Verdict
    held_out: bool
    seconds: float

    @property
    def caught(self) -> bool:
        """A planted fault is caught when the statement fails, or goes to sentences that do carry it."""
        return not self.verdict.passed or (self.verdict.repaired and self.elsewhere)

    @property
    def elsewhere(self) -> bool:
        """Tell whether the sentences of a repair hold what was planted and most other words."""
        if not self.verdict.repaired:
            return False
        numbers = [n for c in self.verdict.citations for n in c.sentences]
        running = " ".join(self.case.article.sentence(n).text for n in numbers)
        told = content(self.case.text)
        share = len(told & content(running)) / max(1, len(told))
        return (
            self.case.mark.strip().casefold() in running.casefold()
        ) is not self.case.gone and share >= 0.7


def held_out_events(known: Sequence[tuple[Article, int]]) -> frozenset[int]:
    """Return the half of the events that was not looked at for tuning."""
    events = sorted({event for _, event in known})
    random.Random(SEED).shuffle(events)
    return frozenset(events[::2])


def planted(articles: Sequence[Article], *, per_kind: int, seed: int = SEED) -> Iterator[Case]:
    """Yield at most ``per_kind`` cases of every kind, drawn from all articles alike."""
    for plant in PLANTS:
        rng = random.Random(seed)
        cases = [
            case for article in articles for case in plant(article, list(bases(article, rng=rng)), rng=rng)
        ]
        unique = list({(c.text, c.article.id): c for c in cases}.values())
        rng.shuffle(unique)
        yield from unique[:per_kind]


def clean(articles: Sequence[Article], *, per_kind: int, seed: int = SEED) -> Iterator[Case]:
    """Yield true sentences, true parts of them, and true sentences two by two."""
    rng = random.Random(seed)
    found: dict[str, list[Case]] = defaultdict(list)
    for article in articles:
        true = list(bases(article, rng=rng))
        for number, sentence, part in true:
            found["clean, whole"].append(
                Case(kind="clean, whole", text=sentence, article=article, sentences=number)
            )
            if part != sentence:
                found["clean, shortened"].append(
                    Case(kind="clean, shortened", text=part, article=article, sentences=number)
                )
        for (a, first, _), (b, second, _) in pairwise(true):
            found["clean, two joined"].append(
                Case(kind="clean, two joined", text=f"{first} {second}", article=article, sentences=(*a, *b))
            )
    for cases in found.values():
        rng.shuffle(cases)
        yield from cases[:per_kind]


def paraphrases(articles: Sequence[Article]) -> Iterator[Case]:
    """Yield our paraphrases; exits where a cited sentence is no longer the same."""
    by_url = {article.url: article for article in articles}
    for line in PARAPHRASES.read_text("utf-8").splitlines():
        data = json.loads(line)
        article = by_url[data["url"]]
        cited = "\n".join(article.sentence(n).text for n in data["sentences"])
        if hashlib.sha256(cited.encode()).hexdigest()[:12] != data["sha256"]:
            raise SystemExit(
                f"The sentences {data['sentences']} of {data['url']} are not those once paraphrased."
            )
        yield Case(
            kind="paraphrase",
            text=data["text"],
            article=article,
            sentences=tuple(data["sentences"]),
            mark=data["kind"],
        )


def in_paraphrases(told: Sequence[Case], *, seed: int = SEED) -> Iterator[Case]:
    """Yield our paraphrases with a fault planted: the hardest test, for their wording is not the sentences'."""
    for plant in ON_PARAPHRASES:
        rng = random.Random(seed)
        for case in told:
            cited = " ".join(case.article.sentence(n).text for n in case.sentences)
            for faulty in plant(case.article, [(case.sentences, cited, case.text)], rng=rng):
                yield replace(faulty, kind=f"{faulty.kind}, in a paraphrase")


def judge(case: Case, *, held_out: bool) -> Judged:
    """Return the verdict on ``case``, all sentences of its article given."""
    citation = Citation(article_id=case.article.id, revision=case.article.revision, sentences=case.sentences)
    began = time.perf_counter()
    key = (case.article.id, case.article.revision)
    given = {key: frozenset(case.sentences)} if case.alone else None
    verdict = check_statement(case.text, [citation], articles={key: case.article}, given=given)
    return Judged(case=case, verdict=verdict, held_out=held_out, seconds=time.perf_counter() - began)


def measure(*, per_kind: int = PER_KIND, every: int = 1, every_paraphrase: int = 1) -> list[Judged]:
    """Return all verdicts of one run; faults are planted in ``every`` second, third… article and paraphrase only."""
    known = labelled()
    articles = [article for article, _ in known]
    apart = held_out_events(known)
    event_of = {article.id: event for article, event in known}
    cases = [
        (case, event_of[case.article.id] in apart)
        for case in (
            *clean(articles[::every], per_kind=per_kind),
            *planted(articles[::every], per_kind=per_kind),
        )
    ]
    told = list(paraphrases(articles))[::every_paraphrase]
    with open_text_caches():  # as in the program: without them every article is read anew for each case
        return [
            judge(case, held_out=held_out)
            for case, held_out in (*cases, *((case, False) for case in (*told, *in_paraphrases(told))))
        ]


def share(judged: Iterable[Judged]) -> tuple[float, int]:
    """Return the share that failed (clean) or was caught (planted), and how many there were."""
    listed = list(judged)
    hits = sum((not j.verdict.passed) if j.case.kind in CLEAN else j.caught for j in listed)
    return hits / max(1, len(listed)), len(listed)


def rows(judged: Sequence[Judged]) -> list[dict[str, str]]:
    """Return the table: true statements first, then the faults."""
    table = []
    for kind in dict.fromkeys([*CLEAN, *(j.case.kind for j in judged)]):
        of_kind = [j for j in judged if j.case.kind == kind]
        table.append(
            {
                "statements": kind,
                "": "false alarms" if kind in CLEAN else "caught",
                "all": _cell(of_kind),
                "looked at": _cell([j for j in of_kind if not j.held_out]),
                "held out": _cell([j for j in of_kind if j.held_out]),
                "repaired": f"{sum(j.verdict.repaired for j in of_kind)}, {sum(j.elsewhere for j in of_kind if j.verdict.repaired)} truly"
                if kind not in CLEAN
                else str(sum(j.verdict.repaired for j in of_kind)),
                "flagged": str(sum(j.verdict.flagged for j in of_kind)),
                "ms each": f"{1000 * sum(j.seconds for j in of_kind) / max(1, len(of_kind)):.1f}",
            }
        )
    return table


def _cell(judged: Sequence[Judged]) -> str:
    value, count = share(judged)
    if not count:
        return "—"
    return f"{100 * value:5.1f} % of {count}"


def run() -> list[dict[str, str]]:
    """Return the rows of a whole run."""
    return rows(measure())


def main(arguments: list[str]) -> None:
    need_data()
    per_kind = int(arguments[arguments.index("--plants") + 1]) if "--plants" in arguments else PER_KIND
    judged = measure(per_kind=per_kind)
    if "--missed" in arguments:
        kind = arguments[arguments.index("--missed") + 1]
        for j in judged:
            wrong = not j.verdict.passed if j.case.kind in CLEAN else not j.caught
            if j.case.kind == kind and wrong and not j.held_out:
                print(f"{j.verdict.reason} {j.verdict.words} [{j.case.mark}]\n  {j.case.text}")
                print("  " + " / ".join(j.case.article.sentence(n).text for n in j.case.sentences))
                if j.verdict.repaired:
                    print(
                        "  repaired:",
                        [j.case.article.sentence(n).text for c in j.verdict.citations for n in c.sentences],
                    )
    _print(rows(judged))
    reasons = Counter(j.verdict.reason for j in judged if j.case.kind in CLEAN and not j.verdict.passed)
    print("false alarms by reason:", dict(reasons.most_common()))
    example = next((j for j in judged if j.case.kind == "number swapped" and not j.verdict.passed), None)
    if example:
        print("an explanation:", explain(example.verdict))


def _print(table: Sequence[dict[str, str]]) -> None:
    widths = {key: max(len(key), *(len(row[key]) for row in table)) for key in table[0]}
    for row in [{key: key for key in widths}, *table]:
        print("  ".join(row[key].ljust(widths[key]) for key in widths))


if __name__ == "__main__":
    main(sys.argv[1:])
