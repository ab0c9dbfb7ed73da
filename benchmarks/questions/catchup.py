"""Questions of somebody who was away, to what ``catch up`` says of six long events: how many its lines answer (without a model).

    recorded articles ──replayed to the day of the questions──▶ stories ──catch up, 60 days──▶ lines ◀── 10 questions an event

The questions were written from what wire editors would have told of these events, before any of these lines were read.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.recording.recorded import recorded_model
from benchmarks.recording.replayed import REPLIES, real_articles, replay
from bot.briefings.assemble import sources_of
from bot.chat.replies.catchup import CatchupStory, catchup_message
from bot.flows.requests.catchup import MAX_CATCHUP_SPAN, story_since, with_quotes
from bot.flows.story_timeline import story_timelines
from bot.model.message import Message
from bot.model.scope import SHARED
from bot.ports import LanguageModel
from bot.runtime.app import App

QUESTIONS = Path(__file__).with_name("catchup_questions.json")
MAX_STORIES = 1000

Wanted = list[list[str]]  # groups of words: an answer holds one of each


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was said of one event, and which of its questions that answers."""

    event: int
    lines: tuple[str, ...]
    asked: int
    missed: tuple[str, ...]


def events() -> list[dict[str, Any]]:
    """Return the events with the day of their questions."""
    return json.loads(QUESTIONS.read_text("utf-8"))  # type: ignore[no-any-return]


def answers(text: str, wanted: Wanted) -> bool:
    """Tell whether ``text`` holds one word of each group."""
    low = text.casefold()
    return all(any(word in low for word in group) for group in wanted)


def lines_of(message: Message) -> Iterator[str]:
    """Yield the lines of each story, headlines included."""
    for block in (block for part in message.parts for block in part.stories):
        yield block.headline.text
        yield from (f"{line.label} {line.lead}: {line.text}" for line in (*block.status, *block.bullets))


async def said(app: App, urls: set[str]) -> tuple[str, ...]:
    """Return the lines of ``catch up`` about the stories that have any of the articles ``urls``."""
    at, store, zone = app.now(), app.store, "UTC"
    since = at - MAX_CATCHUP_SPAN
    titles = await store.stories.titles(since - timedelta(days=1), by=SHARED, most=MAX_STORIES)
    stories = await store.stories.get(list(titles), by=SHARED)
    timelines = await story_timelines(stories, store=store, at=at, by=SHARED, since=since)
    told: list[CatchupStory] = []
    articles = []
    for story in stories:
        timeline = timelines[story.id]
        if urls & {article.url for article in timeline.revisions}:
            one = story_since(timeline, headline=story.title, since=since, at=at, zone=zone)
            told += (
                [await with_quotes(one, timeline, rules=app.rules, since=since, at=at, zone=zone)]
                if one
                else []
            )
            articles += timeline.revisions
    known = {(a.id, a.revision): a for a in articles}
    message = catchup_message(
        told, since=since, at=at, timezone=zone, left=0, sources=lambda cited: sources_of(cited, known)
    )
    return tuple(lines_of(message))


async def measure(model: LanguageModel | None) -> list[Told]:
    """Return what is said of each event on the morning of its questions."""
    articles = real_articles()
    urls = {e["event"]: {a["url"] for a in articles if a["event"] == e["event"]} for e in events()}
    latest: dict[int, tuple[str, ...]] = {}
    async for app, _ in replay(model, articles):
        for one in events():
            # Its last articles are told that morning or, those of the night, the one before.
            if timedelta() <= date.fromisoformat(one["end"]) - app.now().date() <= timedelta(days=1):
                latest[one["event"]] = await said(app, urls[one["event"]])
    return [
        Told(
            event=one["event"],
            lines=latest.get(one["event"], ()),
            asked=len(one["questions"]),
            missed=tuple(
                question
                for question, wanted in one["questions"]
                if not answers("\n".join(latest.get(one["event"], ())), wanted)
            ),
        )
        for one in events()
    ]


def table(told: Sequence[Told]) -> list[dict[str, str]]:
    """Return a row for each event, and one for all."""
    rows = [
        {
            "event": str(one.event),
            "lines": str(len(one.lines)),
            "answered": f"{one.asked - len(one.missed)} of {one.asked}",
            "not answered": " ".join(one.missed),
        }
        for one in told
    ]
    right, all_ = sum(one.asked - len(one.missed) for one in told), sum(one.asked for one in told)
    lines = str(sum(len(one.lines) for one in told))
    share = f"{right} of {all_} ({100 * right / max(1, all_):.0f} %)"
    return [*rows, {"event": "all", "lines": lines, "answered": share, "not answered": ""}]


def run() -> list[dict[str, str]]:
    """Return the rows without a model."""
    return table(asyncio.run(measure(None)))


def run_recorded() -> list[dict[str, str]]:
    """Return the rows with recorded replies."""
    return table(asyncio.run(measure(recorded_model(REPLIES))))


RECORDED = {"Questions of somebody who was away, to what catch up says, with recorded replies": run_recorded}
