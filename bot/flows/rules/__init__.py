"""Reading by rules, in parser processes that can be killed."""
