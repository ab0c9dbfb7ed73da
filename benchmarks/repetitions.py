"""Real news taken for known, and old news found again, by the rules that decide what a channel was told.

News: each sentence that people wrote as a day's update of a long event, against all that the same person wrote before.
Old: the same sentence, against what another person wrote for that day. That both wrote the same is not sure, so the share
found again compares ways and is no measure of one. Beside the program's rules stand one similarity to any earlier
sentence, and the words of all of them together.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from benchmarks.data import FOLDER
from bot.briefings.days_before import tells_of_days_before
from bot.language.sentences.split import split_sentences
from bot.language.similarity import is_copy, is_restated, similarity
from bot.language.text_cache import open_text_caches
from bot.language.words import content_terms

MIN_WORDS = 5  # of a sentence that counts
PLAIN_SIMILARITY = 0.45
PLAIN_COVERAGE = 0.9  # share of content words

Known = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A sentence of a ``day``, what the same person wrote before, ``until`` when, and what others wrote for that day."""

    event: str
    text: str
    day: date
    known: Known
    until: date
    beside: tuple[Known, ...]


def run() -> list[dict[str, str]]:
    """Return a row for each way to decide: the share of real news that it would not tell, and of old news that it finds."""
    written = list(_written())
    with open_text_caches():
        return [_row(name, known, written) for name, known in WAYS.items()]


def _row(name: str, is_known: Callable[[Written, Known], bool], written: list[Written]) -> dict[str, str]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    found = [is_known(one, known) for one in written for known in one.beside]
    for one in written:
        counts[one.event][0] += 1
        counts[one.event][1] += is_known(one, one.known)
    total, taken = (sum(count[i] for count in counts.values()) for i in (0, 1))
    worst = max(counts, key=lambda event: counts[event][1] / counts[event][0])
    return {
        "way": name,
        "sentences": str(total),
        "taken for known": f"{taken} ({taken / total:.1%})",
        "worst event": f"{worst.replace('_', ' ')} {counts[worst][1] / counts[worst][0]:.1%}",
        "found again": f"{sum(found)} of {len(found)} ({sum(found) / len(found):.1%})",
    }


def _written() -> Iterator[Written]:
    """Yield each sentence of a day's news beside what was written before it and for its day."""
    by_day: dict[str, dict[date, dict[str, list[str]]]] = defaultdict(dict)
    with gzip.open(FOLDER / "outside" / "updates.jsonl.gz", "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            text = record["update"].replace("\\n", "\n")
            said = [s.text for s in split_sentences(text, language="en") if len(s.text.split()) >= MIN_WORDS]
            day = by_day[record["event"]].setdefault(date.fromisoformat(record["date"].strip("[]")), {})
            day.setdefault(record["annotator"], []).extend(said)
    for event, days in by_day.items():
        before: dict[str, list[str]] = defaultdict(list)
        latest: dict[str, date] = {}
        for day, people in sorted(days.items()):
            for person, said in people.items():
                beside = tuple(
                    tuple(theirs) for other, theirs in people.items() if other != person and theirs
                )
                known, until = tuple(before[person]), latest.get(person, day)
                for text in said:
                    yield Written(event=event, text=text, day=day, known=known, until=until, beside=beside)
                before[person] += said
                latest[person] = day


def _quoted(one: Written, known: Known) -> bool:
    written = datetime.combine(one.day, time(12), tzinfo=UTC)
    earlier = bool(known) and tells_of_days_before(one.text, written=written, until=one.until)
    return earlier or is_restated(one.text, known)


def _alike(one: Written, known: Known) -> bool:
    return any(similarity(one.text, text) >= PLAIN_SIMILARITY for text in known)


def _covered(one: Written, known: Known) -> bool:
    words = set(content_terms(one.text))
    left = words.difference(*(content_terms(text) for text in known))
    return len(left) <= len(words) * (1 - PLAIN_COVERAGE)


WAYS: dict[str, Callable[[Written, Known], bool]] = {
    "by words: restated": lambda one, known: is_restated(one.text, known),
    "of quoted sentences: restated, or of days before": _quoted,
    "of a model's facts: copied": lambda one, known: any(is_copy(one.text, text) for text in known),
    f"similar to one of them from {PLAIN_SIMILARITY}": _alike,
    f"{PLAIN_COVERAGE:.0%} of its words in all of them": _covered,
}
