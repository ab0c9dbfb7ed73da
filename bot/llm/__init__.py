"""Language models: the client of an endpoint, the fallback chain, the usage ledger, and those that need no key."""
