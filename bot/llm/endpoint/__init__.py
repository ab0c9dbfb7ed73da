"""Requests to an endpoint and its answers: dialect, replies, failures."""
