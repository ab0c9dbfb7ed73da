"""Verbs for the operator: feeds, ingest, checks, backup, setup."""
