"""Briefings as web pages, and the health endpoints."""
