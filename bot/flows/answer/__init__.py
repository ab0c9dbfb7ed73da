"""Questions: retrieved, answered with citations, or declined."""
