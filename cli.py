"""The command `landbridge`: parse, one call, render, exit code. Heavy imports stand inside the commands."""

from __future__ import annotations

import sys

import typer

app = typer.Typer(
    help="Plan vehicle exports from China to Europe.", no_args_is_help=True, add_completion=False
)


@app.callback()
def landbridge() -> None:
    """Plan vehicle exports from China to Europe by rail, river, road and sea."""


def main() -> None:
    """Entry point of the command."""
    sys.exit(app())
