"""Requests: what people ask the bot to do in chats."""
