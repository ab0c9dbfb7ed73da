"""Quiz questions that others wrote over articles that others chose: found, answered, declined (without a model).

519 articles of many years ──as they came──▶ archive ◀── 80 questions of May 2026, and the same of another year

With ``--model recorded`` the answers are worded by recorded replies, which were written from the prompts alone, without
the gold answers at hand. A change of what a model is shown makes some of them missing: those are counted.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.data import FOLDER, article_of
from benchmarks.questions.golden import archive_of
from benchmarks.recording.recorded import recorded_model
from bot.config import Answers
from bot.flows.answer.ask import ask
from bot.flows.answer.retrieve import Retrieved, retrieve
from bot.flows.briefing.session import ModelSession
from bot.model.conversation.answer import Answer, Question
from bot.store import Store

FIRST = 4  # articles among which a found one must be
REPLIES = Path(__file__).parents[1] / "replies"
# Questions whose answer stands in a found article by chance: in a name ("white" in "White House"), or of another year.
# Whoever reads those articles does not learn it.
BY_CHANCE = frozenset({34, 39, 41, 50, 52, 58, 60, 75, 77})
OTHER_YEARS = (1994, 2003)  # of which the archive holds nothing
_TIME = re.compile(
    r"\b(?:this (?:week|year|month)(?:'s|’s)?|recently|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|so far|in 2026|2026)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One question with what came of it."""

    number: int
    quiz: dict[str, Any]
    gold: bool  # whether its answer stands in a found article, word for word
    consulted: Retrieved
    answer: Answer

    @property
    def place(self) -> int:
        """Where the first found article stands, from 1; 0 where none is there."""
        urls = list(dict.fromkeys(p.article.url for p in self.consulted.nearest))
        return min((urls.index(url) + 1 for url in self.quiz["found"] if url in urls), default=0)

    @property
    def says(self) -> bool:
        """Whether the answer holds the gold answer."""
        said = " ".join(s.text for s in self.answer.statements)
        return holds(said, self.quiz["answer"])


def holds(text: str, answer: str) -> bool:
    """Tell whether ``text`` holds ``answer``, as words of its own."""
    words = re.sub(r"[^\w$%]+", " ", answer.casefold()).strip()
    return bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", re.sub(r"[^\w$%]+", " ", text.casefold())))


def lines(name: str) -> list[dict[str, Any]]:
    text = gzip.decompress((FOLDER / "outside" / name).read_bytes()).decode()
    return [json.loads(line) for line in text.splitlines()]


def asked(quiz: dict[str, Any], *, year: int = 0) -> Question:
    """Return a quiz question as it would be asked on its day, or of another ``year``."""
    at = datetime.fromisoformat(quiz["asked"]).replace(hour=20, tzinfo=UTC) + timedelta(days=1)
    text = re.sub(r"^\d+\.\s|</?em>", "", quiz["question"])
    if year:
        text = f"{_TIME.sub(' ', text).rstrip(' ?')} in {year}?"
    return Question(text=" ".join(text.split()), asked_at=at)


async def results(store: Store, settings: Answers, *, session: ModelSession | None = None) -> list[Result]:
    """Return what comes of every question."""
    texts = {a["url"]: f"{a['title']} {a['text']}" for a in lines("quiz_articles.jsonl.gz")}
    found = []
    for number, quiz in enumerate(lines("quiz_questions.jsonl.gz")):
        gold = any(holds(texts[url], quiz["answer"]) for url in quiz["found"])
        found.append(
            Result(
                number=number,
                quiz=quiz,
                gold=gold,
                consulted=await retrieve(asked(quiz), store=store),
                answer=await ask(asked(quiz), store=store, settings=settings, session=session),
            )
        )
    return found


async def declined_of_other_years(
    store: Store, settings: Answers, *, session: ModelSession | None = None
) -> list[bool]:
    """Return whether each question was declined that was asked of a year of which nothing is known."""
    return [
        not (await ask(asked(quiz, year=year), store=store, settings=settings, session=session)).statements
        for quiz in lines("quiz_questions.jsonl.gz")
        if not re.search(r"\b(?:19|20)\d\d\b", _TIME.sub("", quiz["question"]))
        for year in OTHER_YEARS
    ]


def table(found: Sequence[Result], others: Sequence[bool]) -> list[dict[str, str]]:
    """Return a row for all questions, and one for each half: the even ones were looked at, the odd ones not."""
    rows = []
    for name, parity in (("all", None), ("looked at", 0), ("held out", 1)):
        part = [r for r in found if parity is None or r.number % 2 == parity]
        with_found = [r for r in part if r.quiz["found"]]
        gold = [r for r in part if r.gold]
        there = [r for r in gold if r.number not in BY_CHANCE]
        answered = [r for r in gold if r.answer.statements]
        years = [d for n, d in enumerate(others) if parity is None or n // len(OTHER_YEARS) % 2 == parity]
        rows.append(
            {
                "questions": f"{name}, {len(part)}",
                f"found in the first {FIRST}": count(0 < r.place <= FIRST for r in with_found),
                "gold answer in a found article": str(len(gold)),
                "of these found": count(0 < r.place <= FIRST for r in gold),
                "found where it is there": count(0 < r.place <= FIRST for r in there),
                "of these wrongly declined": count(not r.answer.statements for r in gold),
                "wrongly declined where it is there": count(not r.answer.statements for r in there),
                "answer holds the gold": count(r.says for r in answered),
                "others answered": count(bool(r.answer.statements) for r in part if not r.gold),
                "other years declined": count(years),
            }
        )
    return rows


def count(flags: Any) -> str:
    flags = list(flags)
    return f"{sum(flags)} of {len(flags)} ({100 * sum(flags) / max(1, len(flags)):.0f} %)"


def run() -> list[dict[str, str]]:
    """Return the rows without a model."""
    return asyncio.run(measure())


def run_recorded() -> list[dict[str, str]]:
    """Return the rows with recorded replies."""
    return asyncio.run(measure(ModelSession(model=recorded_model(REPLIES))))


async def measure(session: ModelSession | None = None) -> list[dict[str, str]]:
    async with archive_of(map(article_of, lines("quiz_articles.jsonl.gz"))) as store:
        found = await results(store, Answers(), session=session)
        rows = table(found, await declined_of_other_years(store, Answers(), session=session))
        if session:
            rows[0]["without a reply"] = str(sum(bool(r.answer.degraded) for r in found))
            rows = [rows[0], *({**row, "without a reply": ""} for row in rows[1:])]
        return rows


RECORDED = {
    "Quiz questions that others wrote over articles that others chose, with recorded replies": run_recorded
}
