"""Events sent to the receivers of a tenant: signed, at least once, and only to addresses that are allowed."""
