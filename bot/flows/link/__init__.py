"""Links and articles that a person gives: read, summarised, compared with stored stories."""
