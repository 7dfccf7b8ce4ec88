"""The database: tables, transactions, audit, upgrades."""
