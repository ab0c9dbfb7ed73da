"""Conversations, links, readers' choices, installations."""
