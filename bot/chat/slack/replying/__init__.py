"""How one request is answered on Slack: where it was asked, and shown while it is made."""
