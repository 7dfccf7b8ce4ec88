"""The disk that files of requests and jobs are on: that it is full, and what a killed process left there."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})
"""What a file system says that keeps nothing more."""


def clear(folder: Path) -> None:
    """Take away all that is in a folder.

    Raises
    ------
    OSError
        If something of it can't be removed.
    """
    for left in folder.iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink(missing_ok=True)
