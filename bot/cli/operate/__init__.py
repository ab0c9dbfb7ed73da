"""Verbs for who runs the bot: feeds, ingest, checks, backup, setup."""
