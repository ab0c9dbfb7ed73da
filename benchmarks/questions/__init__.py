"""Questions that others wrote or that stand in the golden set: found, answered, declined, and how fast."""
