"""Let a model read what is new in stories, check it, and keep it."""
