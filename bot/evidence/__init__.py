"""The evidence check: whether cited sentences carry a statement, and why not."""
