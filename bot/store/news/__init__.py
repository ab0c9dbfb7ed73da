"""What is read: feeds, articles, stories, and the search index."""
