"""Which stories a briefing tells, and in which order."""
