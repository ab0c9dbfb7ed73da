"""Language models: the client of an endpoint, the fallback chain, the usage ledger, and one that needs no key."""
