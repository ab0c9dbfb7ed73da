"""Clustering of articles into stories: features, profiles, and the rule."""
