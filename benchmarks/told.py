"""Real news taken for known, and old news found again, by the rules that decide what a channel was told.

News: each sentence that people wrote as a day's update of a long event, against all that the same person wrote before.
Beside it, one similarity to any earlier sentence, and the words of all of them together.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from benchmarks.data import FOLDER
from bot.language.sentences.split import split_sentences
from bot.language.similarity import is_restated, similarity
from bot.language.text_cache import open_text_caches
from bot.language.words import content_terms

MIN_WORDS = 5  # of a sentence that counts
PLAIN_SIMILARITY = 0.45
PLAIN_COVERAGE = 0.9  # share of content words

Known = tuple[str, ...]


def run() -> list[dict[str, str]]:
    """Return a row for each way to decide, with the share of real news that it would not tell."""
    days = list(_news())
    with open_text_caches():
        return [_row(name, known, days) for name, known in WAYS.items()]


def _row(
    name: str, is_known: Callable[[str, Known], bool], days: Iterable[tuple[str, str, Known]]
) -> dict[str, str]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for event, sentence, known in days:
        counts[event][0] += 1
        counts[event][1] += is_known(sentence, known)
    total, taken = (sum(count[i] for count in counts.values()) for i in (0, 1))
    worst = max(counts, key=lambda event: counts[event][1] / counts[event][0])
    return {
        "way": name,
        "sentences": str(total),
        "taken for known": f"{taken} ({taken / total:.1%})",
        "worst event": f"{worst.replace('_', ' ')} {counts[worst][1] / counts[worst][0]:.1%}",
    }


def _news() -> Iterator[tuple[str, str, Known]]:
    """Yield each sentence of a day's news with its event and what the same person had written before that day."""
    told: dict[tuple[str, str], list[str]] = defaultdict(list)
    with gzip.open(FOLDER / "outside" / "updates.jsonl.gz", "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            before = told[record["event"], record["annotator"]]
            text = record["update"].replace("\\n", "\n")
            today = [s.text for s in split_sentences(text, language="en") if len(s.text.split()) >= MIN_WORDS]
            known = tuple(before)
            for sentence in today:
                yield record["event"], sentence, known
            before += today


def _alike(sentence: str, known: Known) -> bool:
    return any(similarity(sentence, text) >= PLAIN_SIMILARITY for text in known)


def _covered(sentence: str, known: Known) -> bool:
    words = set(content_terms(sentence))
    left = words.difference(*(content_terms(text) for text in known))
    return len(left) <= len(words) * (1 - PLAIN_COVERAGE)


WAYS: dict[str, Callable[[str, Known], bool]] = {
    "as the program decides": is_restated,
    f"similar to one of them from {PLAIN_SIMILARITY}": _alike,
    f"{PLAIN_COVERAGE:.0%} of its words in all of them": _covered,
}
