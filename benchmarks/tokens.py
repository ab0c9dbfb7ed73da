"""Tokens of the recorded replies to real news, beside one call an article and one a story and day that summarises them.

Only story updates with a recorded reply are compared, each with the same articles told the other way.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.replayed import REPLIES, real_articles, replay
from bot.llm.recorded import RecordedModel
from bot.model.news import Article
from bot.model.scope import SHARED
from bot.ports import LanguageModel, ModelReply, ModelRequest

PROMPTS = Path(__file__).parent / "prompts"
CHARS_PER_TOKEN = 4  # of text, on both sides
SUMMARY_TOKENS = 170  # of one article's summary with its two lines, and of what is told of a story in a day
STORY_REPLY_TOKENS = 350
MANY_ARTICLES = 4  # in one update, from which the second bound holds


@dataclass(slots=True, kw_only=True)
class Counted:
    """What one way took for some updates, in tokens."""

    calls: int = 0
    instructions: int = 0  # the identical prefix, cached by most endpoints
    known: int = 0
    sentences: int = 0
    out: int = 0

    @property
    def total(self) -> int:
        """All tokens, cached or not."""
        return self.instructions + self.known + self.sentences + self.out


@dataclass(slots=True)
class _Counting:
    """A model that counts what goes through; ``by_subject`` are the calls of each story since it was cleared."""

    inner: LanguageModel
    by_subject: defaultdict[str, list[tuple[ModelRequest, ModelReply]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    async def complete(self, request: ModelRequest) -> ModelReply:
        reply = await self.inner.complete(request)
        self.by_subject[request.subject].append((request, reply))
        return reply


def run() -> list[dict[str, str]]:
    """Return the rows of the table."""
    updates = asyncio.run(_replay())
    rows = []
    for name, least in (("all updates", 1), (f"of {MANY_ARTICLES} articles and more", MANY_ARTICLES)):
        some = [(ours, articles) for ours, articles in updates if len(articles) >= least]
        mine, theirs = _sum([ours for ours, _ in some]), _summaries([articles for _, articles in some])
        rows += [
            _row(f"one call a story: {name}", mine, theirs),
            _row("one call an article, one a story", theirs, theirs),
        ]
    return rows


def _row(name: str, counted: Counted, baseline: Counted) -> dict[str, str]:
    return {
        "way": name,
        "calls": f"{counted.calls:,}",
        "prefix": f"{counted.instructions:,}",
        "known": f"{counted.known:,}",
        "sentences": f"{counted.sentences:,}",
        "out": f"{counted.out:,}",
        "total": f"{counted.total:,}",
        "share": f"{counted.total / max(1, baseline.total):.2f}",
    }


async def _replay() -> list[tuple[Counted, list[Article]]]:
    """Return what each update took, with the articles it read."""
    model = _Counting(RecordedModel(REPLIES))
    found: list[tuple[Counted, list[Article]]] = []
    async for app, morning in replay(model, real_articles()):
        for subject, calls in model.by_subject.items():
            kept = await app.store.updates.of([subject], by=SHARED)
            keys = [key for u in kept[subject] if u.made_at == morning.briefing.made_at for key in u.articles]
            revisions = await app.store.articles.revisions(sorted({article_id for article_id, _ in keys}))
            read = [a for a in revisions if (a.id, a.revision) in keys]
            if read:
                found.append((_counted(calls), read))
        model.by_subject.clear()
    return found


def _counted(calls: list[tuple[ModelRequest, ModelReply]]) -> Counted:
    total = Counted(calls=len(calls))
    for request, reply in calls:
        before, _, after = request.user.partition("New articles:\n")
        total.instructions += len(request.system) // CHARS_PER_TOKEN
        total.known += len(before if after else "") // CHARS_PER_TOKEN
        total.sentences += len(after or request.user) // CHARS_PER_TOKEN
        total.out += len(reply.text) // CHARS_PER_TOKEN
    return total


def _sum(counted: list[Counted]) -> Counted:
    total = Counted()
    for one in counted:
        for name in ("calls", "instructions", "known", "sentences", "out"):
            setattr(total, name, getattr(total, name) + getattr(one, name))
    return total


def _summaries(updates: list[list[Article]]) -> Counted:
    """Return what a call an article, and one an update over their summaries, would take."""
    one, story = (
        len((PROMPTS / name).read_text("utf-8")) // CHARS_PER_TOKEN for name in ("article.md", "story.md")
    )
    total = Counted()
    for articles in updates:
        texts = sum(len(s.text) + 1 for a in articles for s in a.sentences) // CHARS_PER_TOKEN
        total.calls += len(articles) + 1
        total.instructions += one * len(articles) + story
        total.sentences += texts + SUMMARY_TOKENS * len(articles)
        total.out += SUMMARY_TOKENS * len(articles) + STORY_REPLY_TOKENS
    return total
