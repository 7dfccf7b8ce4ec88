"""HTTP byte by byte, for what no client library would send."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Told:
    """An answer; without any, the status is 0."""

    status: int
    headers: dict[str, str]
    body: bytes


class Raw:
    """One connection."""

    def __init__(self, url: str, seconds: float = 20) -> None:
        host, _, port = url.removeprefix("http://").partition(":")
        self._socket = socket.create_connection((host, int(port)), timeout=seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        """Send some bytes."""
        self._socket.sendall(data)

    def is_open(self, seconds: float) -> bool:
        """Whether the other side has not hung up for so long."""
        self._socket.settimeout(seconds)
        try:
            return self._socket.recv(1, socket.MSG_PEEK) != b""
        except TimeoutError:
            return True
        except ConnectionError:
            return False

    def drain(self) -> int:
        """All that still comes until the other side hangs up; how many bytes."""
        size = 0
        while True:
            try:
                chunk = self._socket.recv(65_536)
            except ConnectionError:
                return size
            if not chunk:
                return size
            size += len(chunk)

    def read(self) -> Told:
        """The next answer."""
        data = b""
        while b"\r\n\r\n" not in data:
            try:
                chunk = self._socket.recv(65_536)
            except ConnectionError:
                chunk = b""
            if not chunk:
                return Told(0, {}, data)
            data += chunk
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        while len(body) < length:
            chunk = self._socket.recv(65_536)
            if not chunk:
                break
            body += chunk
        return Told(int(first.split()[1]), headers, body)


def once(url: str, data: bytes) -> Told:
    """Send some bytes on a connection of their own; the answer."""
    with Raw(url) as connection:
        connection.send(data)
        return connection.read()
