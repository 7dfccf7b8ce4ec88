"""Why a file could not be read at all: every other fault is told row by row."""

from __future__ import annotations

TOO_LARGE, TOO_MUCH_MEMORY, TOO_SLOW, CRASHED = "too_large", "too_much_memory", "too_slow", "crashed"
NO_SPACE, KILLED = "no_space", "killed"
SENTENCES = {
    TOO_LARGE: "the file is larger than may be",
    TOO_MUCH_MEMORY: "the file takes more memory to read than may be",
    TOO_SLOW: "the file takes longer to read than may be",
    CRASHED: "the program that reads the file has ended before its time",
    KILLED: "the program that reads the file was killed, most likely because this machine is short of memory",
    NO_SPACE: "there is no space left to unpack the file",
}


class IntakeRefused(Exception):  # noqa: N818 - it is no error of ours
    """A file that can't be read within the bounds.

    Parameters
    ----------
    code
        One of :data:`SENTENCES`.
    detail
        What was passed, for the client.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail or SENTENCES[code]
        super().__init__(f"{code}: {self.detail}")


class IntakeBusyError(Exception):
    """Too many files are being read already; ``retry_after_s`` says when to come again."""

    def __init__(self, retry_after_s: float) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(f"too many files are being read; come again in {retry_after_s:g} s")


class IntakeFaultError(Exception):
    """A fault of the reading program itself, with what it said last."""
