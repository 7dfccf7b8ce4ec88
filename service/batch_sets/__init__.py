"""Batches of a client, filled call by call and closed."""
