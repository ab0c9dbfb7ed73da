"""Call what channels were sent by the word that the program has for it: sent.

Revision ID: 0036
Revises: 0035
"""

from alembic import op

revision = "0036"
down_revision = "0035"

# Columns with JSON, and keys that are renamed in them.
KEYS = (
    ("told", "data", {"told_at": "sent_at"}),
    ("briefing", "untold", {"told_at": "sent_at"}),
    ("briefing_record", "data", {"told": "sent", "told_at": "sent_at", "fate": "disposition"}),
    ("link", "data", {"story_told_at": "story_sent_at"}),
    ("turn", "document", {"story_told_at": "story_sent_at"}),
)


def upgrade() -> None:
    """Rename the table, columns, and keys of what is stored in them."""
    connection = op.get_bind()
    postgresql = connection.dialect.name == "postgresql"
    find = "strpos" if postgresql else "instr"
    for table, column, keys in KEYS:
        before = changed = f"{column}::text" if postgresql else column
        for old, new in keys.items():
            # Only a key stands like this: within a text a backslash is before each mark.
            changed = f"""replace({changed}, '"{old}":', '"{new}":')"""
        value = f"({changed})::json" if postgresql else changed
        has_any = " OR ".join(f"""{find}({before}, '"{old}":') > 0""" for old in keys)
        connection.exec_driver_sql(f"UPDATE {table} SET {column} = {value} WHERE {has_any}")  # noqa: S608 - ours
    op.rename_table("told", "sent_story")
    if postgresql:  # SQLite's name of it is nowhere asked for
        op.execute("ALTER TABLE sent_story RENAME CONSTRAINT pk_told TO pk_sent_story")
    op.execute("ALTER TABLE sent_story RENAME COLUMN told_at TO sent_at")
    op.execute("ALTER TABLE briefing RENAME COLUMN untold TO unsent")
    op.execute("ALTER TABLE notice RENAME COLUMN told TO sent")
