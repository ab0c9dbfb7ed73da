"""From an outside address to entries and article texts."""
