"""Setting up briefings: the form, what it would match, and which subscription is meant."""
