"""The platform-neutral message: its lines, its layout, and how it is cut into parts."""
