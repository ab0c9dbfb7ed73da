"""Tell what kind of page an address gave: an article, or what stands in its place."""
