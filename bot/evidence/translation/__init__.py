"""The check of a translated line against its original: what may not change between languages."""
