"""Backtest: make the briefings of recorded articles, morning by morning, on a simulated clock.

articles of the days before ──ingest──▶ stories ──brief_channel──▶ briefing of the morning
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.config import Config
from bot.errors import InputError, ModelReason, first_mistake
from bot.llm.watched import ModelActivity
from bot.model.briefing import Briefing
from bot.model.recorded_article import RecordedArticle
from bot.store import Store
from bot.urls import host_of

BACKTEST_CHANNEL = "backtest"
MAX_EMPTY_MORNINGS = 14  # mornings without new articles after which the clock goes on to the next article
INGEST_LEAD_TIME = timedelta(minutes=1)  # the feeds are read so long before each briefing
MAX_BACKTEST_FILE_BYTES = 512 * 1024 * 1024
MAX_BACKTEST_TEXT_CHARS = 200_000
MAX_SUMMARY_RECORDS = 20  # records that the summary names; all of them stand in summary.json

_RECORDS = {ModelReason.STALE_RECORD: "are stale", ModelReason.NO_RECORD: "are missing"}


class _Line(BaseModel):
    """One line of the file; other keys are left out."""

    model_config = ConfigDict(extra="ignore")

    url: str = Field(max_length=4000)
    source: str = Field(default="", max_length=300)
    title: str = Field(default="", max_length=2000)
    text: str = Field(max_length=MAX_BACKTEST_TEXT_CHARS)
    published_at: datetime

    @field_validator("url")
    @classmethod
    def _address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")) or not host_of(value):
            raise ValueError("an address begins with http:// or https://")
        return value


@dataclass(slots=True, kw_only=True)
class Clock:
    """The simulated clock; the backtest sets it."""

    at: datetime

    def now(self) -> datetime:
        """Return the simulated present."""
        return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestMorning:
    """The briefing of one morning, and the number of articles since the last one."""

    day: date
    briefing: Briefing
    articles: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyTime:
    """When the mornings are: ``at`` each day in ``zone``."""

    at: wall_time = wall_time(7, 30)
    zone: str = "UTC"

    def morning(self, day: date) -> datetime:
        """Return the time of the briefing of ``day``, in UTC."""
        return datetime.combine(day, self.at, ZoneInfo(self.zone)).astimezone(UTC)

    def day_of(self, moment: datetime) -> date:
        """Return the day that ``moment`` is in."""
        return moment.astimezone(ZoneInfo(self.zone)).date()


def read_articles(path: Path, *, timetable: DailyTime) -> list[RecordedArticle]:
    """Return the articles of the JSON-lines file ``path``; raises ``InputError`` naming the line that is wrong.

    A day's articles arrive after its briefing, because dates often have no time; they are used on the next morning. A time
    without a zone is UTC.
    """
    try:
        if path.stat().st_size > MAX_BACKTEST_FILE_BYTES:
            raise InputError(f"{path.name!r} is larger than {MAX_BACKTEST_FILE_BYTES // 2**20} MiB")
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise InputError(f"{path.name!r} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name!r} is not UTF-8 text") from error
    found = [
        _recorded(line, name=f"{path.name}:{number}", timetable=timetable)
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]
    if not found:
        raise InputError(f"{path.name!r} holds no articles", hint="Write one JSON object a line")
    return found


def _recorded(line: str, *, name: str, timetable: DailyTime) -> RecordedArticle:
    try:
        read = _Line.model_validate_json(line)
    except ValidationError as error:
        mistake = first_mistake(error.errors(include_url=False))
        raise InputError(f"{name} is not an article: {mistake}") from error
    published = read.published_at if read.published_at.tzinfo else read.published_at.replace(tzinfo=UTC)
    listed = max(published, timetable.morning(timetable.day_of(published)))
    return RecordedArticle(
        url=read.url,
        source=read.source,
        title=read.title,
        text=read.text,
        published_at=published,
        listed_at=listed,
    )


def mornings(
    articles: Sequence[RecordedArticle], *, timetable: DailyTime, quiet_days: int = MAX_EMPTY_MORNINGS
) -> list[date]:
    """Return the days with a briefing: from the day of the first article on, without the middle of long silences."""
    days = sorted({timetable.day_of(article.published_at) for article in articles})
    found = {days[0]}
    for day in days:
        found |= {day + timedelta(days=ahead) for ahead in range(1, quiet_days + 2)}
    last = days[-1] + timedelta(days=1)
    return sorted(day for day in found if day <= last)


def unlimited(config: Config) -> Config:
    """Return ``config`` so that a backtest reads all that is recorded, and no pages."""
    fetch = config.fetch.model_copy(
        update={"full_text": False, "first_poll_entries": 500, "max_entries": 5000}
    )
    return config.model_copy(update={"fetch": fetch})


async def run_backtest(
    articles: Sequence[RecordedArticle],
    *,
    clock: Clock,
    timetable: DailyTime,
    ingest: Callable[[], Awaitable[object]],
    brief: Callable[[str], Awaitable[Briefing]],
    store: Store,
    quiet_days: int = MAX_EMPTY_MORNINGS,
) -> AsyncIterator[BacktestMorning]:
    """Yield the briefing of every morning; ``clock`` is set to each in turn."""
    for day in mornings(articles, timetable=timetable, quiet_days=quiet_days):
        due, started = timetable.morning(day), time.perf_counter()
        before = await store.articles.count()
        clock.at = due - INGEST_LEAD_TIME
        await ingest()
        clock.at = due
        briefing = await brief(BACKTEST_CHANNEL)
        yield BacktestMorning(
            day=day,
            briefing=briefing,
            articles=await store.articles.count() - before,
            seconds=time.perf_counter() - started,
        )


@dataclass(slots=True, kw_only=True)
class Summary:
    """The summary of a backtest; ``model`` is the usage of its model."""

    mornings: int = 0
    stories: int = 0
    articles: int = 0
    seconds: float = 0.0
    model: ModelActivity = field(default_factory=ModelActivity)

    def add(self, morning: BacktestMorning) -> None:
        """Count one morning."""
        self.mornings += 1
        self.stories += len(morning.briefing.stories)
        self.articles += morning.articles
        self.seconds += morning.seconds

    def lines(self) -> list[str]:
        """Return it for a person: one line of counts, one on the model, one for each record that could not be used."""
        used = self.model.total
        found = [
            f"{self.mornings:,} mornings, {self.articles:,} articles, {self.stories:,} stories written; {self.seconds:.0f} s"
        ]
        if self.model.asked:
            found.append(
                f"{used.calls:,} model calls: {used.cached_tokens:,} tokens of cached prefixes, "
                f"{used.input_tokens - used.cached_tokens:,} of other input, {used.output_tokens:,} of output; "
                f"{self.model.seconds:.0f} s of waiting"
            )
        failures = {r: n for r, n in self.model.failures.most_common() if r not in _RECORDS}
        if failures:
            found.append(f"Failed calls: {', '.join(f'{n:,} {reason}' for reason, n in failures.items())}")
        for reason, words in _RECORDS.items():
            keys = [key or "(without a key)" for key in self.model.records.get(reason, [])]
            if keys:
                found.append(f"Recorded replies that {words}: {len(keys):,}")
                found += [f"  {key}" for key in keys[:MAX_SUMMARY_RECORDS]]
                found += (
                    [f"  and {len(keys) - MAX_SUMMARY_RECORDS:,} more"]
                    if len(keys) > MAX_SUMMARY_RECORDS
                    else []
                )
        return found

    def as_json(self) -> str:
        """Return it as JSON text."""
        used, model = self.model.total, self.model
        return json.dumps(
            {
                "mornings": self.mornings,
                "stories": self.stories,
                "articles": self.articles,
                "calls": used.calls,
                "input_tokens": used.input_tokens,
                "cached_tokens": used.cached_tokens,
                "output_tokens": used.output_tokens,
                "seconds": round(self.seconds, 1),
                "model_seconds": round(model.seconds, 1),
                "by_purpose": {
                    purpose: {
                        "calls": usage.calls,
                        "input_tokens": usage.input_tokens,
                        "cached_tokens": usage.cached_tokens,
                        "output_tokens": usage.output_tokens,
                    }
                    for purpose, usage in sorted(model.usage.items())
                },
                "failures": dict(sorted(model.failures.items())),
                "stale_records": model.records.get(ModelReason.STALE_RECORD, []),
                "missing_records": model.records.get(ModelReason.NO_RECORD, []),
            },
            indent=2,
        )
