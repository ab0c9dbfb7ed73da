"""Story updates: what new articles add to a story."""
