"""The values that steps take and return: frozen dataclasses, standard library only."""
