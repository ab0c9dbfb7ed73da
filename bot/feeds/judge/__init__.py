"""Classify pages: an article, or what is in its place."""
