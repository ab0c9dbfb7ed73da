"""How long a model is waited for, each limit as a function of the one that is configured: ``model.deadline``."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_DEADLINE = 60.0  # seconds for one answer


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimits:
    """Limits in seconds, all in proportion to ``deadline``, the time for one answer.

    None that ends a piece of work is shorter than one answer may take, but ``scheduled``: a briefing is due at a minute.
    """

    deadline: float = DEFAULT_DEADLINE

    @property
    def call(self) -> float:
        """Of one call, the second try and the wait before it included."""
        return 1.5 * self.deadline

    @property
    def question(self) -> float:
        """Of the answer to a question, its repair included: somebody waits."""
        return self.deadline

    @property
    def check(self) -> float:
        """Of the check that the model answers: it may have to be loaded first."""
        return self.deadline

    @property
    def briefing(self) -> float:
        """Of all stories of a briefing together, where somebody asked for it, as for a link."""
        return 2.5 * self.deadline

    @property
    def scheduled(self) -> float:
        """From the scheduled minute of a briefing on."""
        return self.deadline * 2 / 3

    @property
    def late(self) -> float:
        """Of a scheduled briefing that is late already."""
        return self.deadline / 30

    @property
    def retry_wait(self) -> float:
        """Of the longest wait that an endpoint may ask for before the second try."""
        return self.deadline / 3

    @property
    def rest(self) -> float:
        """For which an endpoint that keeps failing is left alone."""
        return self.deadline / 2


DEFAULT_LIMITS = TimeLimits()
