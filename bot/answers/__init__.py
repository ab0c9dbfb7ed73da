"""Questions to the archive: read, resolve, rank what was found, weigh whether it answers. Pure steps."""
