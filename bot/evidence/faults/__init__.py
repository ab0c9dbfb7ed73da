"""One fault a module: what a statement makes of its sentences that they do not say."""
