"""Files to model: the network's tables, and batches."""
