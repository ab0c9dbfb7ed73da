"""Story updates by rules, without a model: status, actors, figures, announcements, disagreements."""
