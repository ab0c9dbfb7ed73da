"""Messages, forms and the Home tab as Slack payloads, within every limit."""
