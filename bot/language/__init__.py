"""What is known of written languages, as data: words and patterns in files, a folder a language."""
