"""Days that texts name, and the times that people ask from."""
