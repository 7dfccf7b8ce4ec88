"""The command run in this process."""

from __future__ import annotations

from click.testing import Result
from typer.testing import CliRunner

import cli


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    """What a command comes to; an exception that nobody turned into an answer is raised again."""
    done = CliRunner().invoke(cli.app, [str(argument) for argument in arguments], input=stdin)
    assert "Traceback" not in done.output
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done
