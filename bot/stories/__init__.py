"""From articles to stories with a memory."""
