"""Run every fault script in its long form, on each database it is of; one line of figures each.

python -m tests.faults [name of a script ...]
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from tests.faults import authz, contract, fuzz_upload, hook, load
from tests.faults.databases import BOTH, POSTGRESQL, cluster_of_its_own
from tests.faults.scripts import SCRIPTS, name_of

HOOK = ("--events", "500", "--down", "60", "--kill", "5")
FUZZ = ("--n", "10000")


def runs() -> Iterator[tuple[str, list[str]]]:
    """Modules and their words."""
    for script, kinds in SCRIPTS.items():
        for kind in kinds:
            yield script.__name__, ["--database", kind]
    yield hook.__name__, [*HOOK]
    yield hook.__name__, [*HOOK, "--database", POSTGRESQL]
    yield fuzz_upload.__name__, [*FUZZ]
    for script in (contract, authz):
        for kind in BOTH:
            yield script.__name__, ["--database", kind]
    for what in load.RUNS:
        yield load.__name__, ["--what", what]


def run(module: str, words: list[str]) -> bool:
    """Whether a script found all as it should be. Scripts of others want the URL of an empty database."""
    if module == hook.__name__ and words[-1] == POSTGRESQL:
        with cluster_of_its_own() as cluster:
            return run(module, [*words[:-1], cluster.make_database()])
    return subprocess.run([sys.executable, "-m", module, *words], check=False).returncode == 0


def main() -> None:
    wanted = sys.argv[1:]
    missed = [
        f"{name_of(module)} {' '.join(words)}"
        for module, words in runs()
        if (not wanted or name_of(module) in wanted) and not run(module, words)
    ]
    if missed:
        sys.exit(f"missed: {'; '.join(missed)}")


if __name__ == "__main__":
    main()
