"""Article extraction on real pages, scored by 4-gram shingles against the true text, beside plain trafilatura.

A second table says how many pages of our own set, and of the real ones, are known for what they are.
"""

from __future__ import annotations

import gzip
import json
import re
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import trafilatura

from benchmarks.data import FOLDER
from bot.errors import ParseError
from bot.feeds.page.extract import extract_page

_TOKEN = re.compile(r"\w+")
N = 4
OWN = Path(__file__).parents[1] / "tests" / "feeds" / "judge" / "pages"


def shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    count = max(1, len(tokens) - N + 1) if tokens else 0
    return Counter(tuple(tokens[i : i + N]) for i in range(count))


def score(predicted: str, true: str) -> tuple[float, float]:
    ours, theirs = shingles(predicted), shingles(true)
    both = sum((ours & theirs).values())
    return (both / max(1, sum(ours.values())), both / max(1, sum(theirs.values())))


def ours(html: bytes, url: str) -> str:
    try:
        return extract_page(html, url=url).text
    except ParseError:
        return ""


def plain(html: bytes, _url: str) -> str:
    return trafilatura.extract(html) or ""


def run() -> list[dict[str, str]]:
    """Return a row for each extractor: mean precision and recall over pages, F1 of the two means, pages/s."""
    truth = json.loads((FOLDER / "pages" / "ground_truth.json").read_text("utf-8"))
    pages = {
        key: gzip.decompress((FOLDER / "pages" / "html" / f"{key}.html.gz").read_bytes()) for key in truth
    }
    rows = []
    extractors: dict[str, Callable[[bytes, str], str]] = {
        "wirebrief": ours,
        "trafilatura, its defaults": plain,
    }
    for name, extract in extractors.items():
        started = time.perf_counter()
        texts = {key: extract(html, truth[key]["url"]) for key, html in pages.items()}
        seconds = time.perf_counter() - started
        scores = [score(texts[key], truth[key]["articleBody"]) for key in truth]
        precision, recall = (statistics.mean(s[i] for s in scores) for i in (0, 1))
        f1 = 2 * precision * recall / (precision + recall)
        rows.append(
            {
                "extractor": name,
                "F1": f"{f1:.4f}",
                "precision": f"{precision:.4f}",
                "recall": f"{recall:.4f}",
                "pages/s": f"{len(pages) / seconds:.0f}",
            }
        )
    return rows


def kinds() -> list[dict[str, str]]:
    """Return a row for each kind of page: how many there are, how many are known, and as what the others pass."""
    pages = [(path.stem.rpartition("-")[0], path.read_bytes(), "") for path in sorted(OWN.glob("*/*.html"))]
    truth = json.loads((FOLDER / "pages" / "ground_truth.json").read_text("utf-8"))
    for key, page in truth.items():
        body = gzip.decompress((FOLDER / "pages" / "html" / f"{key}.html.gz").read_bytes())
        pages.append(("article, real", body, page["url"]))
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for kind, body, url in pages:
        found[kind.replace("_", " ")][
            extract_page(body, url=url or "https://paper.example/a").kind.value
        ] += 1
    rows = []
    for kind, counts in sorted(found.items()):
        known = counts.pop(kind.partition(",")[0], 0)
        others = ", ".join(f"{count} {other}" for other, count in counts.most_common())
        rows.append(
            {"kind": kind, "pages": str(known + counts.total()), "known": str(known), "others": others}
        )
    return rows


TABLES = {"What pages are, in eleven languages": kinds}


if __name__ == "__main__":
    for row in run():
        print(row)
