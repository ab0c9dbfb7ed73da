"""The texts and buttons of the bot's replies."""
