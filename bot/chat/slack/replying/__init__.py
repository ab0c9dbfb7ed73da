"""Replies to one request on Slack, and the sign that a reply is being made."""
