"""Pages, PDFs and plain texts: the text of the article, and what the page says of itself."""
