"""Full text of the archive, by engine, and vectors of passages."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    pass
