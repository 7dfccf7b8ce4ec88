"""Files that could not be read at all, as answers."""

from __future__ import annotations

from service.intake.refusals import KILLED, NO_SPACE, TOO_LARGE, IntakeBusyError, IntakeRefused
from service.problems import Fault, Problem

_CODES = {TOO_LARGE: "too-large", NO_SPACE: "storage-full", KILLED: "unavailable"}


def problem_of(error: IntakeRefused | IntakeBusyError) -> Problem:
    """The answer: the file is at fault, this machine is short of something, or too many are being read."""
    if isinstance(error, IntakeBusyError):
        return Problem(
            "unavailable",
            "too many files are being read",
            headers={"Retry-After": f"{error.retry_after_s:.0f}"},
        )
    if error.code in _CODES:
        return Problem(_CODES[error.code], error.detail)
    return Problem("invalid", error.detail, errors=[Fault(code=error.code, reason=error.detail)])
