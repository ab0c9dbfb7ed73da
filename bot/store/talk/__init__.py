"""What people ask, choose and install."""
