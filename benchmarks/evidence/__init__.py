"""How many faults the evidence check catches, and how many true statements it refuses."""
