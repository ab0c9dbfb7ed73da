"""Pages, PDFs and plain texts: the text of the article, and the metadata of the page."""
