"""Questions to real news: the right article among the first four, and what is declined that should be."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.data import labelled
from bot.config import Answers
from bot.evidence.check import check_statement
from bot.flows.answer.ask import ask
from bot.flows.answer.rerank import LazyEncoder
from bot.flows.answer.retrieve import Retrieved, retrieve
from bot.flows.maintenance.evaluate import keep
from bot.language.text_cache import open_text_caches
from bot.model.conversation.answer import Answer, Question, Turn
from bot.model.news import Article
from bot.model.scope import SHARED
from bot.runtime.compose import lazy_encoder
from bot.store import Store, open_store

GOLDEN = Path(__file__).parents[2] / "tests" / "golden" / "questions.jsonl"
NOW = datetime(2018, 2, 7, 8, tzinfo=UTC)  # the day after the last article
FIRST = 4  # articles among which the right one must be
BATCH = 40  # articles that are read at a time, as an ingest would


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One golden question with what came of it."""

    golden: dict[str, Any]
    consulted: Retrieved
    answer: Answer
    unsupported: int

    @property
    def answerable(self) -> bool:
        """Whether the archive holds an answer."""
        return self.golden["kind"] != "unanswerable"

    @property
    def place(self) -> int:
        """Where the first right article stands, from 1; 0 where it is not found."""
        names = list(dict.fromkeys(named(p.article.url) for p in self.consulted.passages))
        right = [names.index(name) + 1 for name in self.golden.get("articles", ()) if name in names]
        return min(right, default=0)

    @property
    def says(self) -> bool:
        """Whether the statements hold one wording of each expected fact."""
        said = " ".join(s.text for s in self.answer.statements).casefold()
        facts = self.golden.get("facts", ())
        return all(any(wording.casefold() in said for wording in fact) for fact in facts)


def named(url: str) -> str:
    """Return how a golden question names an article."""
    return hashlib.sha256(url.encode()).hexdigest()[:12]


def golden() -> list[dict[str, Any]]:
    """Return the golden questions."""
    return [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]


def archive(url: str = "sqlite:///") -> AbstractAsyncContextManager[Store]:
    """Return a store of the news events."""
    return archive_of((article for article, _ in labelled()), url=url)


@asynccontextmanager
async def archive_of(articles: Iterable[Article], *, url: str = "sqlite:///") -> AsyncIterator[Store]:
    """Yield a store of ``articles``, read in the order they were published."""
    articles = sorted(articles, key=lambda a: (a.published_at, a.id))
    # The caches are open as in the program.
    with open_text_caches():
        async with open_store(url) as store:
            await _fill(store, articles)
            yield store


async def _fill(store: Store, articles: Sequence[Article]) -> None:
    """Read ``articles`` into ``store``, where it is empty."""
    if await store.search.oldest(SHARED) is None:
        for start in range(0, len(articles), BATCH):
            part = articles[start : start + BATCH]
            await keep(part, store=store, at=part[-1].published_at)


def asked(one: dict[str, Any]) -> Question:
    """Return a golden question as it would be asked."""
    at = datetime.fromisoformat(one["asked_at"]) if "asked_at" in one else NOW
    turns = tuple(
        Turn(at=at - timedelta(minutes=5), question=text, answer="") for text in one.get("turns", ())
    )
    return Question(text=one["question"], asked_at=at, turns=turns)


async def results(
    store: Store, settings: Answers, *, encoder: LazyEncoder | None = None, every: int = 1
) -> list[Result]:
    """Return what comes of every golden question, or of the ``every``-th ones."""
    found = []
    for one in golden()[::every]:
        consulted = await retrieve(asked(one), store=store, encoder=encoder)
        answer = await ask(asked(one), store=store, settings=settings, encoder=encoder)
        revisions = await store.articles.revisions({s.article_id for s in answer.sources})
        articles = {(a.id, a.revision): a for a in revisions}
        refused = sum(
            not check_statement(s.text, s.citations, articles=articles).passed for s in answer.statements
        )
        found.append(Result(golden=one, consulted=consulted, answer=answer, unsupported=refused))
    return found


def table(name: str, found: Sequence[Result]) -> list[dict[str, str]]:
    """Return one row for each half of the questions."""
    rows = []
    for split in ("tuned", "held-out"):
        part = [r for r in found if r.golden["split"] == split]
        able, unable = [r for r in part if r.answerable], [r for r in part if not r.answerable]
        rows.append(
            {
                "questions": f"{name}, {split}",
                "answerable": str(len(able)),
                "right article first": share(r.place == 1 for r in able),
                f"in the first {FIRST}": share(0 < r.place <= FIRST for r in able),
                "wrongly declined": share(not r.answer.statements for r in able),
                "answer holds the fact": share(r.says for r in able if r.answer.statements),
                "unanswerable": str(len(unable)),
                "declined": share(not r.answer.statements for r in unable),
                "refused by the evidence check": str(sum(r.unsupported for r in part)),
            }
        )
    return rows


def share(flags: Iterable[bool]) -> str:
    counted = Counter(flags)
    return f"{100 * counted[True] / max(1, counted.total()):.1f} %"


def run() -> list[dict[str, str]]:
    """Return the rows: full text alone, and with embeddings where WIREBRIEF_ANSWERS_ENCODER names an encoder."""
    return asyncio.run(measure())


async def measure() -> list[dict[str, str]]:
    folder = os.environ.get("WIREBRIEF_ANSWERS_ENCODER")
    async with archive() as store:
        rows = table("full text", await results(store, Answers()))
        if folder:
            rows += table(
                "and embeddings", await results(store, Answers(), encoder=lazy_encoder(Path(folder)))
            )
        return rows


if __name__ == "__main__":
    for line in run():
        print(line)
