"""Questions about single shipments."""
