"""Build the configured model: the first one and its fallback, each within the budget; None where no model is named."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from bot.blocking import run_blocking
from bot.config import Config
from bot.llm.ask_again import AskingModel
from bot.llm.budget import BudgetedModel, UsageLedger
from bot.llm.fallback_chain import FallbackChain
from bot.model.time_limits import TimeLimits
from bot.ports import LanguageModel, ModelReply, ModelRequest

if TYPE_CHECKING:
    from bot.llm.client import OpenAIModel


class ConfiguredModel:
    """The fallback chain of configured models, and how much of their budget is used."""

    def __init__(self, models: list[BudgetedModel]) -> None:
        self._models = models
        self._chain: LanguageModel = FallbackChain([_asking(model) for model in models])

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return the first model's answer, else the fallback's."""
        return await self._chain.complete(request)

    async def share_spent(self, workspace: str = "") -> float:
        """Return the largest share of any ceiling that is used."""
        return await self._models[0].share_spent(workspace)


async def nothing_spent() -> float:
    """Return the share of a budget that is used where there is none."""
    return 0.0


@asynccontextmanager
async def open_model(
    config: Config, *, usage_ledger: UsageLedger, now: Callable[[], datetime]
) -> AsyncIterator[ConfiguredModel | None]:
    """Yield the model of ``config``, closed at the end; None where ``model.name`` is empty."""
    named = [settings for settings in (config.model, config.fallback_model) if settings.name]
    if not config.model.name:
        yield None
        return
    client = await run_blocking(_client)
    async with AsyncExitStack() as stack:
        models = [
            BudgetedModel(
                model=await stack.enter_async_context(client(settings)),
                usage_ledger=usage_ledger,
                budget=config.budget,
                prices=settings,
                now=now,
            )
            for settings in named
        ]
        yield ConfiguredModel(models)


def _asking(model: BudgetedModel) -> LanguageModel:
    settings = model.prices
    limits = TimeLimits(deadline=settings.deadline)
    return AskingModel(model, limit=limits.call, reasoning_tokens=settings.reasoning_tokens)


def _client() -> type[OpenAIModel]:
    # Here, not above: loading the client takes as long as everything else together.
    from bot.llm.client import OpenAIModel  # noqa: PLC0415

    return OpenAIModel
