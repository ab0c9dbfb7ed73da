"""A model session: the budget, deadline and reading of stories for one piece of work."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.blocking import run_blocking
from bot.config.time_limits import DEFAULT_LIMITS, TimeLimits
from bot.flows.updates.claims import StoryClaims
from bot.flows.updates.prompts import load_update_prompts, random_fence
from bot.flows.updates.read import UpdateReader
from bot.flows.updates.translate import UpdateTranslator
from bot.kinds import Kind, shipped_kinds
from bot.ports import LanguageModel
from bot.store import Store

LOW_BUDGET_SHARE = 0.8  # share of the budget from which fewer stories are read by a model


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSession:
    """The model that reads stories and writes answers, and the used share of its budget, from 0 to 1."""

    model: LanguageModel
    used: float = 0.0
    workspace: str = ""
    second_look: bool = True
    limits: TimeLimits = DEFAULT_LIMITS
    deadline: float = math.inf  # seconds left for all stories together, at most ``limits.briefing``
    kinds: Mapping[str, Kind] | None = None  # None is the shipped ones
    fence: Callable[[str], str] = random_fence  # gives the code word around outside text
    every: timedelta = timedelta()  # between two readings of a story of which nothing decisive came
    claims: StoryClaims = field(default_factory=StoryClaims)  # shared by all sessions of a process

    async def reader(self) -> UpdateReader:
        """Return a reader of stories with the model."""
        # The first time, kinds and prompts are files to be read.
        kinds = await run_blocking(shipped_kinds) if self.kinds is None else self.kinds
        return UpdateReader(
            model=self.model,
            prompts=await run_blocking(load_update_prompts, kinds, second_look=self.second_look),
            kinds=kinds,
            workspace=self.workspace,
            fence=self.fence,
        )

    def translator(self, store: Store, *, at: datetime, workspace: str | None = None) -> UpdateTranslator:
        """Return what translates story updates with the model as of ``at``, for ``workspace`` (None: its own)."""
        return UpdateTranslator(
            model=self.model,
            store=store,
            claims=self.claims,
            at=at,
            workspace=self.workspace if workspace is None else workspace,
            fence=self.fence,
        )

    def most(self, stories: int) -> int | None:
        """Return how many of ``stories`` may be read: half of them near the ceiling of the budget, else None for all."""
        return (stories + 1) // 2 if self.is_low else None

    @property
    def is_low(self) -> bool:
        """Whether the budget is near its ceiling: then the model only reads, and translates nothing."""
        return self.used >= LOW_BUDGET_SHARE

    @property
    def seconds(self) -> float:
        """Seconds left for all stories together."""
        return min(self.deadline, self.limits.briefing)
