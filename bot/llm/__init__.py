"""Language models: the client of an endpoint, the ladder, the books, and one that needs no key."""
