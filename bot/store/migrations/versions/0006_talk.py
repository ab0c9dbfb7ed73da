"""What people ask in chats: events seen, threads, turns, reports, what a channel follows or mutes."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    pass
