"""Estimate the tokens of a call from the lengths of its texts, if the endpoint does not report them."""

from __future__ import annotations

from bot.model.record import ModelUsage
from bot.ports import ModelRequest

CHARS_PER_TOKEN = 4  # characters of text for one token, about


def tokens(*texts: str) -> int:
    """Return the tokens that ``texts`` together take, about; at least one."""
    return sum(map(len, texts)) // CHARS_PER_TOKEN + 1


class UsageEstimate:
    """Estimates usage as an endpoint with a cache would report it: repeated instructions count as cached."""

    def __init__(self) -> None:
        self._sent: set[str] = set()  # instructions: those of the prompts, in each language of the bot

    def of(self, request: ModelRequest, text: str) -> ModelUsage:
        """Return the usage of ``request`` with the reply ``text``; it costs nothing."""
        cached = tokens(request.system) if request.system in self._sent else 0
        self._sent.add(request.system)
        return ModelUsage(
            calls=1,
            input_tokens=tokens(request.system, request.user),
            cached_tokens=cached,
            output_tokens=tokens(text),
        )
