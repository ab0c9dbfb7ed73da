"""The faults of a statement against its sentences, one module each."""
