"""Run every fault script in its long form, on each database it is of; one line of figures each.

python -m tests.faults [--short]
"""

from __future__ import annotations

import subprocess
import sys

from tests.faults.scripts import SCRIPTS, name_of


def main() -> None:
    missed = []
    for script, kinds in SCRIPTS.items():
        for kind in kinds:
            words = ["-m", script.__name__, "--database", kind, *sys.argv[1:]]
            if subprocess.run([sys.executable, *words], check=False).returncode:
                missed.append(f"{name_of(script)} on {kind}")
    if missed:
        sys.exit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
