"""What an endpoint is asked and what it answers: its dialect, its replies, its troubles."""
