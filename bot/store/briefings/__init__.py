"""What is written and posted: briefings, deliveries, subscriptions."""
