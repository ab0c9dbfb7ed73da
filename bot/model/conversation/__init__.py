"""What people ask and are answered: questions, links, and what is remembered of their threads and choices."""
