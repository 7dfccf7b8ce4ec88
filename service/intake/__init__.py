"""Reading of what clients send."""
