"""From outside addresses to entries and article texts."""
