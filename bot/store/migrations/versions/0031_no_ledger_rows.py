"""Drop the rows of ledgers: a story's history is folded from its updates and articles whenever it is asked for.

Revision ID: 0031
Revises: 0029
"""

from alembic import op

revision = "0031"
down_revision = "0029"


def upgrade() -> None:
    """Drop the table: what earlier releases guessed by rules stands nowhere else, and is told nowhere."""
    op.drop_table("ledger_entry", if_exists=True)
