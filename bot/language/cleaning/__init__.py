"""Outside text made fit to keep and to show: characters, page furniture, links."""
