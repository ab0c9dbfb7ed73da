"""From stories to a cited document."""
