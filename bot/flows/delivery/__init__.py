"""From a scheduled time that is due to a message that stands in its channel, once."""
