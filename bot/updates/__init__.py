"""What new articles add to a story: story updates, read by a model."""
