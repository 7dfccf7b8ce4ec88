"""A child process that plans as always, but waits once it has a plan: until somebody cancels it.

It does so for jobs whose own reference begins with ``held``. Run as a script, as a service runs its children.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from service.jobs import child
from service.jobs.children import TASK

PATIENCE_S = 60


def main() -> None:
    request = json.loads((Path(sys.argv[1]) / TASK).read_bytes())["request"]
    if (request["externalRef"] or "").startswith("held"):
        wait_with_a_plan()
    child.main()


def wait_with_a_plan() -> None:
    """Hold the solver at its first sign of a plan."""
    made = []
    end = time.monotonic() + PATIENCE_S

    class Wishes(child.Wishes):
        def __init__(self) -> None:
            super().__init__()
            made.append(self)

    class Teller(child.Teller):
        def __call__(self, progress) -> None:
            super().__call__(progress)
            while progress.value is not None and made[0].why is None and time.monotonic() < end:
                time.sleep(0.05)
                super().__call__(progress)  # told too soon after another, it was kept back

    child.Wishes, child.Teller = Wishes, Teller


if __name__ == "__main__":
    main()
