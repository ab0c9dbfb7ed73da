"""The bot under load: acknowledgements, the event loop, a day, and thousands of subscriptions at one minute."""
