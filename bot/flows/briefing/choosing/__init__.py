"""Which stories are in a briefing, and in which order."""
