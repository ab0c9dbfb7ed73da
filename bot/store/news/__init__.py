"""Feeds, articles, stories, and the search index."""
