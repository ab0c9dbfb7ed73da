"""Ingest: read feeds, store articles, assign them to stories."""
