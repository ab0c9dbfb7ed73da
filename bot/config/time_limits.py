"""How long the bot waits for a model; each limit is derived from ``model.deadline``."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_ANSWER_SECONDS = 60.0  # seconds for one answer


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimits:
    """Limits in seconds, all in proportion to ``deadline``, the time for one answer.

    A limit that ends a piece of work is at least the time for one answer. The exception is ``scheduled``, because a briefing is due at a minute.
    """

    deadline: float = DEFAULT_ANSWER_SECONDS

    @property
    def call(self) -> float:
        """For one call, including its second try and the wait before it."""
        return 1.5 * self.deadline

    @property
    def question(self) -> float:
        """For the answer to a question, including its repair; somebody waits for it."""
        return self.deadline

    @property
    def check(self) -> float:
        """For the check that the model answers; it may have to be loaded first."""
        return self.deadline

    @property
    def briefing(self) -> float:
        """For all stories together of a briefing that somebody asked for, or of a link."""
        return 2.5 * self.deadline

    @property
    def scheduled(self) -> float:
        """For all stories of a scheduled briefing, counted from its scheduled minute."""
        return self.deadline * 2 / 3

    @property
    def late(self) -> float:
        """For a scheduled briefing that is already late."""
        return self.deadline / 30

    @property
    def retry_wait(self) -> float:
        """The longest wait before the second try that an endpoint may ask for."""
        return self.deadline / 3

    @property
    def rest(self) -> float:
        """The time in which an endpoint that keeps failing is not called."""
        return self.deadline / 2


DEFAULT_LIMITS = TimeLimits()
