"""Plans to documents: JSON, CSV, and later tables, maps and pages."""
