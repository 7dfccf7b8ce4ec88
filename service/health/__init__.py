"""Is it alive, is it ready, what does it count."""
