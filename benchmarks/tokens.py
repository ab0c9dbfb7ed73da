"""Tokens of the recorded replies to real news, beside one call an article and one a story and day that summarises them.

Only story updates with a recorded reply are compared, each with the same articles told the other way. Both ways are
shown the same articles with their titles, and the same of the days before; the second way writes what the first tells
of headline, status, facts, actors, figures and what is ahead, in the same form, without what a ledger needs beside it.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, fields
from pathlib import Path

from benchmarks.recording.replayed import REAL, REPLIES, SHORT, real_articles, replay
from benchmarks.recording.short_replies import short_text, told_text
from bot.llm.offline.recorded import RecordedModel
from bot.model.news import Article
from bot.model.scope import SHARED
from bot.ports import LanguageModel, ModelReply, ModelRequest

PROMPTS = Path(__file__).parent / "prompts"
CHARS_PER_TOKEN = 4  # of text, on both sides
SUMMARY_TOKENS = 170  # of one article's summary with its two lines
CACHED_SHARE = 0.1  # of its price, what an endpoint takes for instructions that it has read before
LEAST_CACHED = 1024  # tokens of a prefix that endpoints cache; shorter ones are read in full each time
MANY_ARTICLES = 4  # in one update, from which the second bound holds


@dataclass(slots=True, kw_only=True)
class Counted:
    """What one way took for some updates, in tokens."""

    calls: int = 0
    instructions: int = 0  # the identical prefix, cached by most endpoints
    known: int = 0
    sentences: int = 0
    out: int = 0
    again: int = 0  # of all these, those of second looks and repairs
    cached: int = 0  # of the instructions, those after the first call of their purpose that are long enough

    @property
    def total(self) -> int:
        """All tokens, cached or not."""
        return self.instructions + self.known + self.sentences + self.out

    @property
    def paid(self) -> float:
        """All tokens, those read from a cache at their share of the price."""
        return max(1, self.total - (1 - CACHED_SHARE) * self.cached)


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
    rows = []
    for events, form in ((SHORT, "replies as asked for now"), (REAL, "older replies, in the same form")):
        updates = asyncio.run(_replay(events))
        for name, least in (("all updates", 1), (f"of {MANY_ARTICLES} articles and more", MANY_ARTICLES)):
            some = [one for one in updates if len(one[1]) >= least]
            mine = _sum([_counted(calls) for calls, _ in some])
            theirs = _sum([_summaries(calls, articles) for calls, articles in some])
            rows += [
                _row(f"one call a story, {form}: {name}", mine, theirs),
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
        "again": f"{counted.again / max(1, counted.total):.0%}",
        "total": f"{counted.total:,}",
        "share": f"{counted.total / max(1, baseline.total):.2f}",
        "share, cached at a tenth": f"{counted.paid / baseline.paid:.2f}",
    }


_Calls = list[tuple[ModelRequest, ModelReply]]


async def _replay(events: Collection[int]) -> list[tuple[_Calls, list[Article]]]:
    """Return the calls of each update, with the articles it read."""
    model = _Counting(RecordedModel(REPLIES))
    found: list[tuple[_Calls, list[Article]]] = []
    async for app, morning in replay(model, real_articles(events)):
        for subject, calls in model.by_subject.items():
            kept = await app.store.updates.of([subject], by=SHARED)
            keys = [key for u in kept[subject] if u.made_at == morning.briefing.made_at for key in u.articles]
            revisions = await app.store.articles.revisions(sorted({article_id for article_id, _ in keys}))
            read = [a for a in revisions if (a.id, a.revision) in keys]
            if read:
                found.append((list(calls), read))
        model.by_subject.clear()
    return found


def _counted(calls: _Calls) -> Counted:
    total = Counted(calls=len(calls))
    for request, reply in calls:
        known, sentences = _known_and_sentences(request)
        is_update = request.purpose == "update"
        one = Counted(
            instructions=_tokens(request.system),
            known=known,
            sentences=sentences,
            out=_tokens(short_text(reply.text) if is_update else reply.text),
        )
        one.cached = one.instructions if one.instructions >= LEAST_CACHED else 0
        one.again = 0 if is_update else one.total
        total = _sum([total, one])
    return total


def _known_and_sentences(request: ModelRequest) -> tuple[int, int]:
    before, _, after = request.user.partition("New articles:\n")
    return (_tokens(before), _tokens(after)) if after else (0, _tokens(request.user))


def _tokens(text: str) -> int:
    return len(text) // CHARS_PER_TOKEN


def _sum(counted: list[Counted]) -> Counted:
    total = Counted()
    for one in counted:
        for item in fields(Counted):
            setattr(total, item.name, getattr(total, item.name) + getattr(one, item.name))
    return total


def _summaries(calls: _Calls, articles: list[Article]) -> Counted:
    """Return what a call an article, and one an update over their summaries, would take for what ``calls`` tell."""
    one, story = (_tokens((PROMPTS / name).read_text("utf-8")) for name in ("article.md", "story.md"))
    read = [(request, reply) for request, reply in calls if request.purpose == "update"]
    texts = sum(_tokens(" ".join((a.outlet, a.title, *(s.text for s in a.sentences)))) for a in articles)
    return Counted(
        calls=len(articles) + 1,
        instructions=one * len(articles) + story,
        known=sum(_known_and_sentences(request)[0] for request, _ in read[:1]),
        sentences=texts + SUMMARY_TOKENS * len(articles),
        out=SUMMARY_TOKENS * len(articles)
        + max((_tokens(told_text(reply.text)) for _, reply in read), default=0),
    )
