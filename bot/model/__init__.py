"""The values every step takes and returns: frozen dataclasses, standard library only."""
