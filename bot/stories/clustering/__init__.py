"""How articles are placed in stories: what is compared, what is remembered, and the rule."""
