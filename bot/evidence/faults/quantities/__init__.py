"""Faults in numbers, in what they count, and in days."""
