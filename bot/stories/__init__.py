"""From articles to stories with a ledger."""
