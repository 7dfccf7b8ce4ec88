"""One desk for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.intake.desk import IntakeDesk


@pytest.fixture(scope="module")
def desk() -> Iterator[IntakeDesk]:
    """A desk as the service has it."""
    made = IntakeDesk()
    made.start()
    yield made
    made.close()
