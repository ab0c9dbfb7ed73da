"""One call of a model on a batch of a story, recorded in the work on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import ModelError
from bot.flows.updates.prompts import filled_request, random_fence
from bot.flows.updates.work import BatchAtWork
from bot.model.record import Exchange
from bot.ports import LanguageModel, ModelReply
from bot.prompts import Prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateCalls:
    """Asks one model for a workspace; ``fence`` gives the code word around outside text for a record key."""

    model: LanguageModel
    workspace: str = ""
    fence: Callable[[str], str] = random_fence

    async def ask(
        self,
        work: BatchAtWork,
        prompt: Prompt,
        *,
        purpose: str,
        key: str,
        schema: Mapping[str, Any],
        most: int,
        **values: str,
    ) -> ModelReply:
        """Return the answer to ``prompt`` with ``values``; raises ``ModelError``, which is recorded too."""
        if "language" in prompt.variables:
            values["language"] = next((a.language for a in work.articles if a.language), "en")
        request = filled_request(
            prompt,
            purpose=purpose,
            key=key,
            schema=schema,
            most=most,
            workspace=self.workspace,
            subject=work.story_id,
            fence=self.fence(key),
            **values,
        )
        try:
            answer = await self.model.complete(request)
        except ModelError as error:
            work.exchanges.append(Exchange(request=request.user, reply=error.text, failure=error.message))
            raise
        work.exchanges.append(
            Exchange(model=answer.model, request=request.user, reply=answer.text, usage=answer.usage)
        )
        return answer
