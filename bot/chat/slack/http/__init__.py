"""What Slack posts over HTTP: signed requests, and a workspace's installation."""
