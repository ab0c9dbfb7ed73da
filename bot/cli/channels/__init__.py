"""Verbs on channels: subscriptions, deliveries, corrections, platforms."""
