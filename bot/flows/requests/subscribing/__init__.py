"""Setting up briefings: what a form asks, what it would match, and which subscription is meant."""
