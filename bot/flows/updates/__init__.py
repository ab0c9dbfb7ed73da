"""Story updates by a model: read, checked and stored."""
