"""Briefings, deliveries and subscriptions."""
