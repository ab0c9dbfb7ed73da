"""One batch of a story with everything needed to interpret its reply. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.kinds.load import Kind
from bot.model.ids import derive_id
from bot.model.ledger import StoryLedger
from bot.model.scope import Scope
from bot.updates.by_model.known import KnownLines
from bot.updates.days import Articles
from bot.updates.material import Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One batch of a story with everything needed to interpret its reply."""

    story_id: str
    scope: Scope
    batch: Batch
    known: KnownLines
    ledger: StoryLedger
    kinds: Mapping[str, Kind]
    articles: Articles  # those of the batch and of what is known, by id and revision
    made_at: datetime
    model: str = ""
    prompt_hash: str = ""
    # What a second look found to be known, by field: the id of the known line it says again.
    repeated: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[tuple[str, int, int]] = (
        frozenset()
    )  # sentences of which code agrees that they are elsewhere
    far: frozenset[str] = frozenset()  # articles (ids) that are like no other one of the story

    @property
    def id(self) -> str:
        """The id of its update: one for each story, scope, batch of article revisions and first sentence shown."""
        first = self.batch.sentences[0] if self.batch.sentences else None
        keys = [f"{a.id}/{a.revision}" for a in self.batch.articles]
        start = f"{first.article.id}/{first.sentence}" if first else ""
        return derive_id("upd", self.story_id, str(self.scope), *keys, start)
