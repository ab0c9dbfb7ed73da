"""Slack over HTTP: signed requests, and a workspace's installation."""
