"""Messages, forms and texts as Discord payloads, within every limit."""
