"""Full text of the archive, by engine, and vectors of passages."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

# SQLite keeps its index in step by triggers; PostgreSQL's is an index of the table itself. The row of the empty
# stem counts all shared passages, and every list of stems holds it.
GONE = """(SELECT value FROM json_each('["' || replace(rtrim(old.stems), ' ', '","') || '"]'))"""
SQLITE = (
    "CREATE VIRTUAL TABLE passage_text USING fts5("
    "stems, content='passage', content_rowid='id', detail='none', columnsize=0, tokenize='ascii')",
    "CREATE TRIGGER passage_added AFTER INSERT ON passage BEGIN "
    "INSERT INTO passage_text(rowid, stems) VALUES (new.id, new.stems); END",
    "CREATE TRIGGER passage_removed AFTER DELETE ON passage BEGIN "
    "INSERT INTO passage_text(passage_text, rowid, stems) VALUES ('delete', old.id, old.stems); END",
    "CREATE TRIGGER passage_uncounted AFTER DELETE ON passage WHEN old.visibility = 'shared' BEGIN "
    f"UPDATE passage_stem SET passages = passages - 1 WHERE stem IN {GONE}; "
    f"DELETE FROM passage_stem WHERE passages <= 0 AND stem IN {GONE}; END",
)
POSTGRESQL = (
    "ALTER TABLE passage ADD COLUMN lexemes tsvector GENERATED ALWAYS AS "
    "(array_to_tsvector(string_to_array(btrim(stems), ' '))) STORED",
    "CREATE INDEX ix_passage_lexemes ON passage USING gin (lexemes) WITH (fastupdate = off)",
    """
    CREATE FUNCTION passage_uncounted() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE stems text[];
    BEGIN
        SELECT array_agg(DISTINCT stem ORDER BY stem) INTO stems
        FROM gone, unnest(string_to_array(rtrim(gone.stems), ' ')) AS stem WHERE gone.visibility = 'shared';
        -- Locked in one order, so that two transactions wait for each other and never both.
        PERFORM 1 FROM passage_stem WHERE stem = ANY (stems) ORDER BY stem FOR UPDATE;
        UPDATE passage_stem SET passages = passage_stem.passages - less.passages
        FROM (SELECT one.stem, count(DISTINCT gone.id) AS passages
              FROM gone, unnest(string_to_array(rtrim(gone.stems), ' ')) AS one(stem)
              WHERE gone.visibility = 'shared' GROUP BY one.stem) AS less
        WHERE passage_stem.stem = less.stem;
        DELETE FROM passage_stem WHERE passages <= 0 AND stem = ANY (stems);
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER passage_uncounted AFTER DELETE ON passage REFERENCING OLD TABLE AS gone "
    "FOR EACH STATEMENT EXECUTE FUNCTION passage_uncounted()",
)


def upgrade() -> None:
    op.create_table(
        "passage",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("titled", sa.Integer(), nullable=False),
        sa.Column("stems", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("visibility", sa.Text(), server_default="shared", nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id", "revision"],
            ["article.id", "article.revision"],
            name=op.f("fk_passage_article_id_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
    )
    op.create_index("ix_passage_article_id_revision", "passage", ["article_id", "revision"])
    op.create_table(
        "passage_vector",
        sa.Column("passage_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("encoder", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("workspace", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("visibility", sa.Text(), server_default="shared", nullable=False),
        sa.ForeignKeyConstraint(
            ["passage_id"], ["passage.id"], name=op.f("fk_passage_vector_passage_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("passage_id", name=op.f("pk_passage_vector")),
    )
    op.create_table(
        "passage_stem",
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("stem", name=op.f("pk_passage_stem")),
    )
    op.create_table(
        "passage_day",
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_passage_day")),
    )
    op.create_table(
        "passage_backlog",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_passage_backlog")),
    )
    op.execute("INSERT INTO passage_backlog SELECT id, published_at FROM article WHERE latest")
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
