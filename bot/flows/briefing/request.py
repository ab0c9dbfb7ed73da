"""What a briefing is asked for: whose, as of when, and what its channel knew before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.config import BriefingSettings
from bot.flows.briefing.subscription_filter import NO_FILTER, SubscriptionFilter
from bot.model.briefing import SentStory
from bot.model.conversation.reader import StoryChoice
from bot.model.ids import derive_id
from bot.model.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefingRequest:
    """The request for a briefing as of ``at`` for a channel that was ``sent``, last at ``since``, and may read what ``by`` may.

    Equal requests give the same briefing. Articles published before ``horizon`` are background however late they arrived:
    they can be in a story, but are no news. The horizon of a channel's first briefing is its window; later ones look back
    as far again, for late articles.
    """

    by: Scope
    subscription_filter: SubscriptionFilter = NO_FILTER
    settings: BriefingSettings
    since: datetime
    at: datetime
    horizon: datetime | None = None
    sent: Mapping[str, SentStory]
    choices: tuple[StoryChoice, ...] = ()  # what the channel follows and mutes
    waiting: tuple[str, ...] = ()  # stories that were named and not told

    @property
    def today(self) -> date:
        """The day of the briefing where its channel is."""
        return self.at.astimezone(ZoneInfo(self.settings.timezone)).date()

    @property
    def news_since(self) -> datetime:
        """The time before which what was published is no news, whenever it came."""
        return self.horizon or self.since - timedelta(hours=self.settings.window_hours)

    @property
    def key(self) -> str:
        """Cache key: equal requests share one briefing."""
        parts = (
            self.by,
            self.subscription_filter,
            self.settings.model_dump_json(),
            str(self.since),
            str(self.at),
            str(self.horizon),
            repr(sorted(self.sent.items())),
            self.choices,
            self.waiting,
        )
        return derive_id("ask", *(repr(part) for part in parts))
