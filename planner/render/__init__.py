"""Plans and networks to what is shown: JSON, CSV, tables, workbooks, maps."""
