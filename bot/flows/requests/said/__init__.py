"""What is said to the bot in words: what it asks for, and whether it is answered there."""
