"""The service in a thread of this process, as uvicorn serves it."""

from __future__ import annotations

import threading
from typing import Self

import uvicorn

from service.app import create_app
from service.settings import Settings


class Live:
    """Runs while the block does; ``url`` is where."""

    def __init__(self, settings: Settings) -> None:
        self.app = create_app(settings)
        self._server = uvicorn.Server(
            uvicorn.Config(self.app, host="127.0.0.1", port=0, log_config=None, server_header=False)
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the service did not start")
            self._thread.join(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(40)
        assert not self._thread.is_alive(), "the service does not stop"
