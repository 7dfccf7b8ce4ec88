"""A bar over the phases of the solver, for a terminal that the caller gives."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from planner import model

PHASES = ("timetable", "first plan", "relaxation", "bound", "whole vehicles", "check")


@contextmanager
def progress_bar(console: Console) -> Iterator[Callable[[model.Progress], None]]:
    """Draw a bar while the block runs, then take it away; gives what the solver calls."""
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=len(PHASES))

        def report(progress: model.Progress) -> None:
            rounds = f" {progress.round}" if progress.round else ""
            gap = "" if progress.gap is None else f", gap {progress.gap:.2%}"
            done = PHASES.index(progress.phase) if progress.phase in PHASES else None
            bar.update(task, description=f"{progress.phase}{rounds}{gap}", completed=done)

        yield report
