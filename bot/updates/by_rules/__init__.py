"""What rules find in the articles of a story where no model reads it: status, actors, figures, announcements, disagreements."""
