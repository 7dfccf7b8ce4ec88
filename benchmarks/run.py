"""All benchmarks, each in a process of its own, so that none warms up or weighs down the next."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def main() -> int:
    """Run every script of this folder; the exit code says whether all went through."""
    failed = []
    for script in sorted(FOLDER.glob("*.py")):
        if script != Path(__file__).resolve():
            print(f"== {script.stem}", flush=True)
            done = subprocess.run(
                [sys.executable, "-m", f"benchmarks.{script.stem}"], cwd=FOLDER.parent, check=False
            )
            if done.returncode:
                failed.append(script.stem)
            print(flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
