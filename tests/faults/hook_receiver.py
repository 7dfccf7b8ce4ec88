"""A receiver that fails in every way there is, and listeners that nobody may reach."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import itertools
import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE_S = 300
OK, BUSY, REDIRECT = 200, 503, 307


@dataclass(frozen=True)
class Arrival:
    """One try, as it came in; ``is_taken``: it was answered with 200."""

    event_id: str
    body: bytes
    is_signed: bool
    is_taken: bool
    at: float

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def object_id(self) -> str:
        data = self.told["data"]
        return str(data.get("planId") or data["endpointId"])


def is_signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """By Standard Webhooks, in lines of our own: the service's are what is tested."""
    try:
        moment, message_id, shown = (headers[f"webhook-{name}"] for name in ("timestamp", "id", "signature"))
        is_fresh = abs(time.time() - int(moment)) <= TOLERANCE_S
    except (KeyError, ValueError):
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    good = hmac.digest(key, f"{message_id}.{moment}.".encode() + body, hashlib.sha256)
    wanted = "v1," + base64.b64encode(good).decode()
    return is_fresh and any(hmac.compare_digest(wanted, one) for one in shown.split(" "))


class Receiver:
    """Takes messages while it is up; while it is down it refuses, fails, drips, resets or redirects."""

    def __init__(self, redirect_to: str) -> None:
        self.secret = ""
        self.arrivals: list[Arrival] = []
        self._redirect_to = redirect_to
        self._is_down = False
        self._ways = itertools.cycle((self._busy, self._drip, self._redirect, self._reset))
        self._server = self._listen(0)
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}/in"

    def be_down(self, seconds: float) -> None:
        """Refuse connections for half of the time, answer badly for the other half."""
        self._is_down = True
        self._server.shutdown()
        self._server.server_close()
        time.sleep(seconds / 2)
        self._server = self._listen(self.port)
        time.sleep(seconds / 2)
        self._is_down = False

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _listen(self, port: int) -> ThreadingHTTPServer:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                with contextlib.suppress(OSError):
                    receiver._take(self)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_: object) -> None:
                """A sender that was killed breaks its connections."""

        server = Server(("127.0.0.1", port), Handler)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return server

    def _take(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["content-length"]))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        is_down = self._is_down
        self.arrivals.append(
            Arrival(
                event_id=headers.get("webhook-id", ""),
                body=body,
                is_signed=is_signed(self.secret, headers, body),
                is_taken=not is_down,
                at=time.monotonic(),
            )
        )
        if is_down:
            next(self._ways)(handler)
        else:
            _answer(handler, OK)

    def _busy(self, handler: BaseHTTPRequestHandler) -> None:
        _answer(handler, BUSY)

    def _drip(self, handler: BaseHTTPRequestHandler) -> None:
        for byte in b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 100:
            handler.wfile.write(bytes([byte]))
            time.sleep(0.1)

    def _redirect(self, handler: BaseHTTPRequestHandler) -> None:
        _answer(handler, REDIRECT, location=self._redirect_to)

    def _reset(self, handler: BaseHTTPRequestHandler) -> None:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()


def _answer(handler: BaseHTTPRequestHandler, status: int, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("content-length", "0")
    handler.end_headers()


class Canary:
    """Listens on every address of this machine; counts who connects."""

    def __init__(self) -> None:
        self._server = socket.create_server(("", 0), backlog=64)
        self.port = int(self._server.getsockname()[1])
        self.reached = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                self.reached += 1
                connection.close()

    def close(self) -> None:
        self._server.close()


@contextlib.contextmanager
def hanging() -> Iterator[str]:
    """A receiver that takes connections and never says a word; its URL."""
    with socket.create_server(("127.0.0.1", 0), backlog=1_000) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


def own_address() -> str | None:
    """An address of this machine that is not loopback; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        found = str(probe.getsockname()[0])
    return None if found.startswith("127.") else found
