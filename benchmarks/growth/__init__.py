"""What new news costs beside archives of any size."""
