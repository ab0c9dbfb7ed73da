"""How one request is answered on Discord: under its message, or under its interaction."""
