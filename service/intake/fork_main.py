"""The process that children are forked from: ``python -m service.intake.fork_main``, its stdin a socket.

It has read the program and the shipped network, and nothing else, ever: what clients send goes to children
by sockets of their own. It is alone with one thread, so that forking it is safe.
"""

from __future__ import annotations

import contextlib
import gc
import os
import selectors
import signal
import socket
import struct
from pathlib import Path

from planner.model.problem import Network
from planner.reading.tables import read_network
from service.intake import child

PID, STATUS = struct.Struct("!q"), struct.Struct("!i")
"""What the desk is told of a child by the socket of its state: its number, later how it ended."""


class ForkServer:
    """Forks a child for each pair of sockets that comes: one to talk with it, one for its state."""

    def __init__(self, control: socket.socket, network: Network) -> None:
        self._control, self._network = control, network
        self._states: dict[int, socket.socket] = {}
        self._woken, self._waker = socket.socketpair()

    def serve(self) -> None:
        """Serve until the desk is gone; then no child is left."""
        self._waker.settimeout(0)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: the desk ends us
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _ in selector.select()}
                if self._woken in ready:
                    self._woken.recv(4096)
                    self._tell_ends()
                if self._control in ready and not self._take():
                    break
        signal.set_wakeup_fd(-1)
        for pid in self._states:
            os.kill(pid, signal.SIGKILL)

    def _take(self) -> bool:
        """Fork for one pair of sockets; whether the desk is there still."""
        data, numbers, _, _ = socket.recv_fds(self._control, 1, 2)
        if not data:
            return False
        connection, state = (socket.socket(fileno=number) for number in numbers)
        pid = os.fork()
        if pid == 0:
            self._be_child(connection, state)
        connection.close()
        self._states[pid] = state
        self._send(state, PID.pack(pid))
        return True

    def _be_child(self, connection: socket.socket, state: socket.socket) -> None:
        """Answer, and end without a step back into the server; of its sockets none is left open."""
        code = child.EXIT_FAULT
        try:
            signal.set_wakeup_fd(-1)
            for own in (self._control, self._woken, self._waker, state, *self._states.values()):
                own.close()
            code = child.run(connection, self._network)
        except BaseException:  # noqa: BLE001 - it is told, and nothing else of this process may go on
            child.tell_fault(connection)
        finally:
            os._exit(code)

    def _tell_ends(self) -> None:
        """Say of each child that has ended how it did."""
        while self._states:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            state = self._states.pop(pid)
            self._send(state, STATUS.pack(status))
            state.close()

    @staticmethod
    def _send(state: socket.socket, message: bytes) -> None:
        # The desk may no longer wait for this child.
        with contextlib.suppress(ConnectionError):
            state.send(message)


def main() -> None:
    """Read the shipped network, then serve."""
    control = socket.socket(fileno=os.dup(0))
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    network = read_network()
    gc.collect()
    gc.freeze()  # children share these pages as long as nobody writes to them
    ForkServer(control, network).serve()


if __name__ == "__main__":
    main()
