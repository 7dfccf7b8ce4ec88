"""What every request passes through before an endpoint sees it."""
