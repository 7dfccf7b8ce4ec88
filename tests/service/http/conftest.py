"""What HTTP looks like does not depend on the database: SQLite will do."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty SQLite file."""
    return f"sqlite:///{tmp_path_factory.mktemp('db') / 'landbridge.db'}"
