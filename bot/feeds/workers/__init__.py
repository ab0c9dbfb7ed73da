"""Processes that parse outside bytes, and can be killed."""
