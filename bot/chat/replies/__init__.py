"""What the bot answers in chats, worded for readers."""
