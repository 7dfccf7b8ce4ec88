"""The shipped network: CSV tables, described column by column in ``tables.csv``. No logic."""
