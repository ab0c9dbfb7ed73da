"""Verbs on channels: subscriptions, deliveries, corrections, and the platforms they are on."""
