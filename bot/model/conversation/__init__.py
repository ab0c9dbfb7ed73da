"""Questions, links and their answers; threads and choices of readers."""
