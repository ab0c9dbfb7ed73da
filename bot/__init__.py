"""Wirebrief: a self-hosted news-briefing bot for Slack and Discord."""
