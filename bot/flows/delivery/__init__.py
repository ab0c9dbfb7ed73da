"""From a due scheduled time to one message posted in its channel."""
