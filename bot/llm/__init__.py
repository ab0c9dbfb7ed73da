"""Language models: the client of an endpoint, the fallback chain, usage, and models that need no key."""
