"""Plans of a closed batch set."""
