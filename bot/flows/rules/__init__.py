"""Rules read articles where no model does, in parser processes that can be killed."""
