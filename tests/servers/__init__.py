"""Loopback servers that behave as the outside does, faults included."""
