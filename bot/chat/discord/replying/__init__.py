"""Replies to one request on Discord: to its message, or to its interaction."""
