"""The running bot: how it is composed, started, scheduled and measured."""
