"""What a text says, as far as it is checked: words, numbers, days, names with their places, who speaks."""
