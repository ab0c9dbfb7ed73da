"""The budget: the maximum cost of a call is reserved before it, the actual cost recorded after it.

request ─▶ reserve (all ceilings, one transaction) ─▶ model ─▶ reconcile        over a ceiling: OverBudget, no call
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from bot.config import Budget, Model
from bot.errors import ModelError, OverBudget
from bot.llm.failures import UNCHARGED_REASONS, UnusableReply
from bot.model.ids import derive_id
from bot.model.record import Call, Ceiling, ModelUsage
from bot.ports import LanguageModel, ModelReply, ModelRequest

R = TypeVar("R")

# Characters counted as one token: fewer than the usual four, so that a reservation is seldom too small.
RESERVED_CHARS_PER_TOKEN = 3
QUESTION_PURPOSES = ("question", "link")  # purposes that may not use the briefings' share


class UsageLedger(Protocol):
    """The record of reserved and actual usage; the store implements it, with one transaction for each call."""

    def reserve(self, call: Call, ceilings: Sequence[Ceiling]) -> Awaitable[str]:
        """Reserve ``call`` and return "", or the name of the ceiling that it would exceed."""
        ...

    def reconcile(self, call_id: str, usage: ModelUsage, *, reason: str = "") -> Awaitable[None]:
        """Record the actual cost of a call; ``reason`` is why it failed, if it did."""
        ...

    def spent(self, ceilings: Sequence[Ceiling]) -> Awaitable[float]:
        """Return the largest share of any of ``ceilings`` that is spent or reserved."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetedModel:
    """A model whose calls are reserved and recorded."""

    model: LanguageModel
    usage_ledger: UsageLedger
    budget: Budget
    prices: Model
    now: Callable[[], datetime]

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return the model's answer; raises ``OverBudget`` before a call that could exceed a ceiling."""
        call = self._call(request)
        ceilings = self._ceilings(request.workspace, request.purpose)
        passed = await _to_its_end(self.usage_ledger.reserve(call, ceilings))
        if passed:
            raise OverBudget(f"The {passed} is reached", reason="over_budget", hint="See [budget]")
        reserved = ModelUsage(calls=1, input_tokens=call.tokens, cost=call.cost)
        try:
            reply = await self.model.complete(request)
        except ModelError as error:
            if isinstance(error, UnusableReply):
                charged = error.usage
            else:
                charged = ModelUsage(calls=1) if error.reason in UNCHARGED_REASONS else reserved
            await _to_its_end(self.usage_ledger.reconcile(call.id, charged, reason=error.reason))
            raise
        # If cancelled in between, the reservation stays: the call may have been charged.
        await _to_its_end(self.usage_ledger.reconcile(call.id, reply.usage))
        return reply

    async def share_spent(self, workspace: str = "") -> float:
        """Return the largest share of any ceiling that is used, from 0; above 1 nothing more is allowed."""
        return await self.usage_ledger.spent(self._ceilings(workspace, "briefing"))

    def _call(self, request: ModelRequest) -> Call:
        given = (len(request.system) + len(request.user)) // RESERVED_CHARS_PER_TOKEN + 1
        output = request.max_output_tokens + request.reasoning_tokens
        cost = given * self.prices.input_price + output * self.prices.output_price
        return Call(
            id=derive_id("cal", uuid.uuid4().hex),
            at=self.now(),
            workspace=request.workspace,
            purpose=request.purpose,
            subject=request.subject,
            model=self.prices.name,
            prompt_hash=request.prompt_hash,
            tokens=given + output,
            cost=round(cost),
        )

    def _ceilings(self, workspace: str, purpose: str) -> list[Ceiling]:
        now = self.now()
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        month = day.replace(day=1)
        budget = self.budget
        whole = [
            Ceiling(
                name="daily budget", since=day, cost=_micros(budget.daily_cost), tokens=budget.daily_tokens
            ),
            Ceiling(
                name="monthly budget",
                since=month,
                cost=_micros(budget.monthly_cost),
                tokens=budget.monthly_tokens,
            ),
            Ceiling(
                name="workspace's daily budget",
                since=day,
                workspace=workspace,
                cost=_micros(budget.workspace_daily_cost),
                tokens=budget.workspace_daily_tokens,
            ),
            Ceiling(
                name="workspace's monthly budget",
                since=month,
                workspace=workspace,
                cost=_micros(budget.workspace_monthly_cost),
                tokens=budget.workspace_monthly_tokens,
            ),
        ]
        ceilings = [c for c in whole if c.cost or c.tokens]
        if purpose in QUESTION_PURPOSES:
            ceilings += [c.for_purposes(QUESTION_PURPOSES, share=budget.questions_share) for c in ceilings]
        return ceilings


async def _to_its_end(booking: Awaitable[R]) -> R:
    """Return the result of ``booking``; a caller that is cancelled meanwhile ends after it is done.

    A transaction that is broken off costs its connection, and with it a database in memory.
    """
    task = asyncio.ensure_future(booking)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _micros(amount: float) -> int:
    return round(amount * 1_000_000)
