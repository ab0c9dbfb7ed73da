"""Story updates by a language model: what it is shown, its reply, and what is accepted."""
