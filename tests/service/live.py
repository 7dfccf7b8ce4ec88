"""The service in a thread of this process, as uvicorn serves it."""

from __future__ import annotations

import threading
from typing import Self

import uvicorn

from service.app import create_app
from service.serve import server_config
from service.settings import Settings


class Live:
    """Runs while the block does; ``url`` is where."""

    def __init__(self, settings: Settings) -> None:
        self.app = create_app(settings)
        config = server_config(self.app, settings)
        config.port = 0
        self._server = uvicorn.Server(config)
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
