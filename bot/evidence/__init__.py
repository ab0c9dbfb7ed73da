"""The evidence check: whether cited sentences support a statement, and why not."""
