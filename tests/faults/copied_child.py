"""A child process that leaves at once what the real one left before: it stands beside this file.

It is copied to where the results are, a folder a kind of job, see :mod:`tests.faults.prepared`.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path


def main() -> None:
    folder = Path(sys.argv[1])
    kind = json.loads((folder / "task.json").read_bytes())["kind"]
    made = Path(__file__).resolve().parent / kind
    shutil.copytree(made, folder, dirs_exist_ok=True)


if __name__ == "__main__":
    main()
