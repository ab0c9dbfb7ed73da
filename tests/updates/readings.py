"""Readings of the ferry story for tests: articles shown to a model that knows nothing of the story."""

from __future__ import annotations

from bot.model.scope import SHARED
from bot.stories.fold import fold
from bot.updates.by_model.known import KnownLines
from bot.updates.by_model.reading import Reading
from bot.updates.material import batches_of
from tests.flows.ferry import KINDS, MONDAY, STORY


def reading_of(*articles, ledger=None, others=()):
    """Return the reading of ``articles`` that fit into one batch; ``others`` may be cited as well."""
    (batch,) = batches_of(articles)
    return Reading(
        story_id=STORY,
        scope=SHARED,
        batch=batch,
        known=KnownLines(text=""),
        ledger=ledger or fold(STORY, ()),
        kinds=KINDS,
        articles={(one.id, one.revision): one for one in (*articles, *others)},
        made_at=MONDAY,
    )
