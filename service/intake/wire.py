"""Messages between the desk and its children: some parts of bytes, with their lengths before them."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Sequence

_COUNT = struct.Struct("!I")
_LENGTH = struct.Struct("!Q")
_MOST_PARTS = 16
_CHUNK = 1 << 20


class BrokenMessageError(Exception):
    """The other side has ended in the middle, or says something else."""


def send(connection: socket.socket, parts: Sequence[bytes], until: float | None = None) -> None:
    """Send a message.

    Parameters
    ----------
    until
        Of the monotonic clock: later it is a :class:`TimeoutError`.

    Raises
    ------
    BrokenMessageError
        If nobody listens any more.
    """
    head = _COUNT.pack(len(parts)) + b"".join(_LENGTH.pack(len(part)) for part in parts)
    try:
        for part in (head, *parts):
            _hold_to(connection, until)
            connection.sendall(part)
    except ConnectionError as error:
        raise BrokenMessageError(str(error)) from error


def receive(connection: socket.socket, most_bytes: int, until: float | None = None) -> tuple[bytes, ...]:
    """Receive a message; parameters as for :func:`send`.

    Raises
    ------
    BrokenMessageError
        If it does not come whole, or is of more than so many bytes.
    """
    (count,) = _COUNT.unpack(_read(connection, _COUNT.size, until))
    if count > _MOST_PARTS:
        raise BrokenMessageError(f"{count} parts")
    lengths = [_LENGTH.unpack(_read(connection, _LENGTH.size, until))[0] for _ in range(count)]
    if sum(lengths) > most_bytes:
        raise BrokenMessageError(f"{sum(lengths)} bytes")
    return tuple(_read(connection, length, until) for length in lengths)


def _read(connection: socket.socket, size: int, until: float | None) -> bytes:
    chunks = []
    while size:
        _hold_to(connection, until)
        try:
            chunk = connection.recv(min(size, _CHUNK))
        except ConnectionError as error:
            raise BrokenMessageError(str(error)) from error
        if not chunk:
            raise BrokenMessageError("it has ended")
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)


def _hold_to(connection: socket.socket, until: float | None) -> None:
    if until is not None:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        connection.settimeout(left)
