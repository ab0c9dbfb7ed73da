"""What people ask of the bot in chats."""
