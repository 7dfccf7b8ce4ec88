"""Figures of a fault run: one JSON line, and what was missed."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.databases import BOTH


@dataclass
class Figures:
    """What was counted; a miss is a sentence."""

    test: str
    database: str
    counted: dict[str, Any] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)
    _begun: float = field(default_factory=time.monotonic)

    def count(self, **figures: Any) -> None:
        self.counted |= figures

    def expect(self, is_so: bool, miss: str) -> None:
        if not is_so:
            self.misses.append(miss)

    def line(self) -> str:
        seconds = round(time.monotonic() - self._begun, 1)
        told = {"test": self.test, "database": self.database, **self.counted, "seconds": seconds}
        return json.dumps({**told, "misses": self.misses})


def main(run: Callable[[str, argparse.Namespace], Figures], **options: tuple[Any, Any, str]) -> None:
    """Run a fault script from the command line: one line, exit code 1 on a miss.

    Parameters
    ----------
    options
        By name: figure of the long form, figure of the short form, what it is.
    """
    found = asked(options, sys.argv[1:])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended
    figures = run(found.database, found)
    sys.stdout.write(figures.line() + "\n")
    sys.exit(1 if figures.misses else 0)


def asked(options: dict[str, tuple[Any, Any, str]], words: Sequence[str]) -> argparse.Namespace:
    """Options of a run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", choices=BOTH, default=BOTH[0])
    parser.add_argument("--short", action="store_true", help="smaller figures, as in the tests")
    for name, (long, _, about) in options.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(long), help=about)
    found = parser.parse_args(words)
    for name, (long, short, _) in options.items():
        if getattr(found, name) is None:
            setattr(found, name, short if found.short else long)
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """The value that a share of them is not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
