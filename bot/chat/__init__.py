"""Chat platforms: briefings and replies as messages of each."""
