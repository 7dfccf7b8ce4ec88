"""The same batches under several alternatives."""
