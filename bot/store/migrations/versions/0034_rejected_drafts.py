"""Give drafts that an editor rejected a state of their own.

Revision ID: 0034
Revises: 0033
"""

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Until now they were uncertain, and known by the words of their reason."""
    op.execute(
        "UPDATE delivery SET state = 'rejected', reason = '' WHERE state = 'held' AND reason = 'rejected by an editor'"
    )
