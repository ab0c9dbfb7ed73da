"""Briefings as a browser shows them."""
