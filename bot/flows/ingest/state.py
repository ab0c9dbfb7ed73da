"""The state of the last ingest and of what is set aside, as a destination may see it."""

from __future__ import annotations

from datetime import datetime

from bot.chat.replies.last_ingest import MAX_LISTED_PROBLEMS, IngestState
from bot.model.scope import Scope
from bot.store import Store


async def ingest_state(store: Store, *, now: datetime, by: Scope | None) -> IngestState:
    """Return the state of the last ingest; ``by`` is the scope of the destination, None the operator, who sees everything."""
    run = await store.feeds.last_run()
    things = await store.set_aside.newest(MAX_LISTED_PROBLEMS, by=by)
    count = await store.set_aside.count(by=by)
    named = tuple((one.title, one.reason) for one in things)
    if run is None:
        return IngestState(set_aside=count, things=named)
    return IngestState(
        started_at=run.started_at,
        finished_at=run.finished_at,
        feeds_due=run.feeds_due,
        feeds_read=run.feeds_read,
        articles_new=run.articles_new,
        failures=run.failures,
        cut_off=run.cut_off,
        running=run.cut_off and await store.leases.taken("ingest", now=now) is not None,
        set_aside=count,
        things=named,
    )
