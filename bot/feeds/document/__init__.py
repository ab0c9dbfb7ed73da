"""Feed documents: bytes in, entries or one clear reason out."""
