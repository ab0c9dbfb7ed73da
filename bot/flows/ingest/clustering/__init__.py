"""Which story an article is assigned to, and whose reprint it is."""
