"""A wire between two programs that a test can cut and mend."""

import socket
import threading
from contextlib import suppress

from tests.homes import free_ports


class Relay:
    """Forwards TCP connections to a port of this machine while it is up."""

    def __init__(self, target_port: int) -> None:
        """Start forwarding on a free port."""
        self._target_port = target_port
        self._open: list[socket.socket] = []
        self.port = free_ports(1)[0]  # not of the system's clients: they could sit on it when cut
        self.mend()

    def mend(self) -> None:
        """Listen again, on the same port as before."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Break all connections and refuse new ones."""
        # A listener that is only closed stays alive under the accept of its thread.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        while self._open:
            each = self._open.pop()
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target_port))
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_pump, args=(one, other), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while block := source.recv(1 << 16):
            sink.sendall(block)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
