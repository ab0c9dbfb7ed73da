"""What channels were sent by the first edition, as the sentences that its briefings cite.

Until when a channel was sent a story by that edition is kept beside them: what it was shown then is in no list of facts.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

TOLD = sa.table(
    "told", sa.column("destination", sa.Text), sa.column("story_id", sa.Text), sa.column("data", sa.JSON)
)
BRIEFING = sa.table(
    "briefing",
    sa.column("id", sa.Text),
    sa.column("destination", sa.Text),
    sa.column("made_at", sa.BigInteger),
    sa.column("data", sa.JSON),
    sa.column("untold", sa.JSON(none_as_null=True)),
)


def upgrade() -> None:
    connection = op.get_bind()
    places = connection.execute(sa.select(TOLD.c.destination).distinct()).scalars().all()
    for destination in places:
        rows = connection.execute(
            sa.select(TOLD.c.story_id, TOLD.c.data).where(TOLD.c.destination == destination)
        ).all()
        missing = {row.story_id: row.data for row in rows if not row.data.get("sentences")}
        found = _cited(connection, destination) if missing else {}
        for story_id, data in missing.items():
            changed = _with(data, found.get(story_id, []))
            theirs = (TOLD.c.destination == destination) & (TOLD.c.story_id == story_id)
            connection.execute(sa.update(TOLD).where(theirs).values(data=changed))
    _waiting(connection)


def _cited(connection: sa.Connection, destination: str) -> dict[str, list[dict[str, Any]]]:
    """Return what the briefings that a channel got cite, by story, oldest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    wanted = sa.select(BRIEFING.c.data).where(
        BRIEFING.c.destination == destination, BRIEFING.c.untold.is_(None)
    )
    for (data,) in connection.execute(wanted.order_by(BRIEFING.c.made_at, BRIEFING.c.id)):
        for story_id, citation in _bullets(data):
            known = found.setdefault(story_id, [])
            if citation not in known:
                known.append(citation)
    return found


def _bullets(briefing: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for story in briefing.get("stories", ()):
        for bullet in story.get("bullets", ()):
            for citation in bullet.get("citations", ()):
                yield story["story_id"], citation


def _with(sent: dict[str, Any], sentences: list[dict[str, Any]]) -> dict[str, Any]:
    return {**sent, "sentences": sentences, "before": sent["told_at"]}


def _waiting(connection: sa.Connection) -> None:
    """Do the same for what channels will know once drafts that wait are posted."""
    wanted = sa.select(BRIEFING.c.id, BRIEFING.c.data, BRIEFING.c.untold)
    for row in connection.execute(wanted.where(BRIEFING.c.untold.is_not(None))).all():
        if not isinstance(row.untold, list):  # null, as JSON has it
            continue
        cited: dict[str, list[dict[str, Any]]] = {}
        for story_id, citation in _bullets(row.data):
            cited.setdefault(story_id, []).append(citation)
        changed = [
            one if one.get("sentences") else _with(one, cited.get(one["story_id"], [])) for one in row.untold
        ]
        connection.execute(sa.update(BRIEFING).where(BRIEFING.c.id == row.id).values(untold=changed))
