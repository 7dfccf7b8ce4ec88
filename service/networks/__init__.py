"""Snapshots of network tables."""
