"""What was asked for last, kept up to a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

import numpy as np

V = TypeVar("V", bound=tuple[Any, ...])


class Recent(Generic[V]):
    """Tuples of arrays by key; those not asked for longest make room for others.

    Parameters
    ----------
    most_bytes
        What the arrays of all may take; the one asked for last is kept whatever its size.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._found: OrderedDict[Hashable, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._found)

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """What is known by a key; it is made where it is not."""
        if key in self._found:
            self._found.move_to_end(key)
            return self._found[key]
        made = self._found[key] = make()
        self._bytes += _size(made)
        while self._bytes > self._most_bytes and len(self._found) > 1:
            self._bytes -= _size(self._found.popitem(last=False)[1])
        return made

    def clear(self) -> None:
        """Forget everything."""
        self._found.clear()
        self._bytes = 0


def _size(arrays: tuple[Any, ...]) -> int:
    return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))
