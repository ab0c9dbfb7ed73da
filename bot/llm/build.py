"""Build the configured model and its fallback, each within the budget; None if no model is named."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime

from bot.config import Config, Model
from bot.config.time_limits import TimeLimits
from bot.llm.ask_again import AskingModel
from bot.llm.budget import BudgetedModel, UsageLedger
from bot.llm.fallback_chain import FallbackChain
from bot.llm.observed import Observe, ObservedModel, observe_nothing
from bot.ports import LanguageModel, ModelReply, ModelRequest

OpenClient = Callable[[Model], AbstractAsyncContextManager[LanguageModel]]
"""Opens the client of the endpoint of a section."""


class ConfiguredModel:
    """The fallback chain of configured models, and the used share of their budget; ``each`` has the models by section."""

    def __init__(self, models: Mapping[str, BudgetedModel], *, observe: Observe = observe_nothing) -> None:
        self._first = next(iter(models.values()))
        self.each: Mapping[str, LanguageModel] = {
            name: _asking(model, observe) for name, model in models.items()
        }
        self._chain: LanguageModel = FallbackChain(list(self.each.values()))

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return the first model's answer, else the fallback's."""
        return await self._chain.complete(request)

    async def share_spent(self, workspace: str = "") -> float:
        """Return the largest share of any ceiling that is used."""
        return await self._first.share_spent(workspace)


async def nothing_spent() -> float:
    """Return the used share if there is no budget: 0."""
    return 0.0


@asynccontextmanager
async def open_model(
    config: Config,
    *,
    open_client: OpenClient,
    usage_ledger: UsageLedger,
    now: Callable[[], datetime],
    observe: Observe = observe_nothing,
) -> AsyncIterator[ConfiguredModel | None]:
    """Yield the model of ``config``, closed at the end; None if ``model.name`` is empty.

    ``observe`` gets each call of each endpoint.
    """
    sections = {"model": config.model, "fallback_model": config.fallback_model}
    if not config.model.name:
        yield None
        return
    async with AsyncExitStack() as stack:
        models = {
            section: BudgetedModel(
                model=await stack.enter_async_context(open_client(settings)),
                usage_ledger=usage_ledger,
                budget=config.budget,
                prices=settings,
                now=now,
            )
            for section, settings in sections.items()
            if settings.name
        }
        yield ConfiguredModel(models, observe=observe)


def _asking(model: BudgetedModel, observe: Observe) -> LanguageModel:
    settings = model.prices
    limits = TimeLimits(deadline=settings.deadline)
    observed = ObservedModel(model, name=settings.name, observe=observe)
    return AskingModel(observed, limit=limits.call, reasoning_tokens=settings.reasoning_tokens)
