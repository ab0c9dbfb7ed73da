"""The record of how a briefing was made: what a model was shown and answered, and the verdicts of the evidence check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.briefing import Checks, SentStory
from bot.model.conversation.reader import StoryChoice
from bot.model.news import Citation
from bot.model.scope import SHARED, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The result of the evidence check for one statement.

    ``reason`` is empty for a statement that passed, else a short stable word; ``words`` are
    the unsupported words of the statement. ``citations`` are the supporting sentences, which differ
    from those given if ``repaired``.
    """

    passed: bool
    reason: str = ""
    words: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    repaired: bool = False
    flagged: bool = False  # passed, yet with little overlap: worth a second look


class Disposition(StrEnum):
    """What happened to a statement of a model: kept, repaired, dropped."""

    KEPT = "kept"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One statement of a model with its verdict; ``field`` is its place, such as ``bullets[2]``."""

    field: str
    text: str
    verdict: Verdict
    round: int = 1  # 2 for a statement of the repair
    disposition: Disposition = Disposition.KEPT


def count_checks(checked: Iterable[Checked]) -> Checks:
    """Return the counts of the checks; ``checked`` has every statement once, with its last verdict."""
    last = tuple(checked)
    return Checks(
        statements=len(last),
        repaired=sum(c.disposition is Disposition.KEPT and (c.round > 1 or c.verdict.repaired) for c in last),
        dropped=sum(c.disposition is Disposition.DROPPED for c in last),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUsage:
    """The usage of model calls; ``cost`` is in millionths of the currency of the prices."""

    calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0  # of the input tokens
    output_tokens: int = 0
    cost: int = 0

    def __add__(self, other: ModelUsage) -> ModelUsage:
        """Return both together."""
        return ModelUsage(
            calls=self.calls + other.calls,
            input_tokens=self.input_tokens + other.input_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cost=self.cost + other.cost,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request to a model and its reply, as transmitted."""

    model: str = ""
    request: str  # the user message; the system message is the prompt of ``prompt_hash``
    reply: str = ""
    failure: str = ""  # one sentence, when there was no usable answer
    usage: ModelUsage = ModelUsage()


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """How one story of a briefing was written."""

    story_id: str
    writer: str  # "model" or "extracts"
    prompt: str = ""  # name and version
    prompt_hash: str = ""
    passages: tuple[Citation, ...] = ()  # the sentences that were given
    exchanges: tuple[Exchange, ...] = ()
    checked: tuple[Checked, ...] = ()
    why_extracts: str = ""  # why a model did not write it, where one was meant to

    @property
    def usage(self) -> ModelUsage:
        """All calls of this story together."""
        total = ModelUsage()
        for exchange in self.exchanges:
            total += exchange.usage
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The input of a briefing, apart from the articles themselves."""

    briefing_id: str
    made_at: datetime
    since: datetime  # what came after this was new to it
    horizon: datetime | None = None  # what was published before this was background, however late it came
    by: Scope = SHARED  # its readers may read everything it was made from
    sent: tuple[SentStory, ...] = ()  # what the channel had been sent before, of each story
    choices: tuple[StoryChoice, ...] = ()  # what it followed and muted
    waiting: tuple[str, ...] = ()  # stories that earlier briefings only named
    writings: tuple[Writing, ...] = ()
    settings: str = ""  # the settings of the briefing as JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The reservation of one model call: ``tokens`` and ``cost`` (millionths) are its maximum."""

    id: str
    at: datetime
    workspace: str = ""
    purpose: str
    subject: str = ""
    model: str
    prompt_hash: str = ""
    tokens: int
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """The limit of spending since a time; 0 is no limit. ``workspace`` None means all workspaces."""

    name: str
    since: datetime
    workspace: str | None = None
    purposes: tuple[str, ...] = ()  # only these count; all when empty
    tokens: int = 0
    cost: int = 0

    def for_purposes(self, purposes: tuple[str, ...], *, share: float) -> Ceiling:
        """Return the part of this ceiling that ``purposes`` may use together."""
        return Ceiling(
            name=f"questions' share of the {self.name}",
            since=self.since,
            workspace=self.workspace,
            purposes=purposes,
            # A bound stays a bound, however small.
            tokens=max(1, int(self.tokens * share)) if self.tokens else 0,
            cost=max(1, int(self.cost * share)) if self.cost else 0,
        )
