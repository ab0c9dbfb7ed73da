"""Verbs that read the news: briefings, stories, questions and links."""
