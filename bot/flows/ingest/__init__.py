"""Ingest: feeds read, articles kept, stories and their ledgers updated."""
