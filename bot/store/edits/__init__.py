"""What editors do to stories: merge, split, name."""
