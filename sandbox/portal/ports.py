"""The two ports of a portal: the exchange's can be shut and opened again, the other one stays."""

import socket
from contextlib import ExitStack, suppress

HOST = "127.0.0.1"
_BACKLOG = 64


class Ports:
    """Taken from the beginning; the exchange listens only from `open_exchange` on."""

    def __init__(self, port: int, control_port: int | None) -> None:
        """Take both; 0 is any free one, None the one behind the exchange's.

        Raises:
            OSError: somebody has one of them.
        """
        with ExitStack() as taken:
            # Bound and never listening: it keeps the port while the portal is down.
            self._guard = taken.enter_context(_bind(_free_port(port), is_shared=True))
            self.exchange: int = self._guard.getsockname()[1]
            usual = self.exchange + 1 if port else 0
            chosen = usual if control_port is None else control_port
            self.control_door = taken.enter_context(_bind(chosen, is_shared=False))
            self.control_door.listen(_BACKLOG)
            self.control: int = self.control_door.getsockname()[1]
            taken.pop_all()
        self._exchange_door: socket.socket | None = None

    def open_exchange(self) -> socket.socket | None:
        """Let connections in again; None where they are let in already."""
        if self._exchange_door is not None:
            return None
        self._exchange_door = _bind(self.exchange, is_shared=True)
        self._exchange_door.listen(_BACKLOG)
        return self._exchange_door

    def shut_exchange(self) -> None:
        """Refuse connections, as a host does where no server runs."""
        if self._exchange_door is not None:
            _shut(self._exchange_door)
            self._exchange_door = None

    def close(self) -> None:
        """Give both ports back."""
        self.shut_exchange()
        _shut(self.control_door)
        self._guard.close()


def _free_port(port: int) -> int:
    """The port itself, or any free one for 0; it must be had alone.

    Sockets that share a port would share it with another portal, too, and connections would go
    now to one and now to the other.
    """
    with _bind(port, is_shared=False) as door:
        number: int = door.getsockname()[1]
        return number


def _bind(port: int, *, is_shared: bool) -> socket.socket:
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_shared:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        door.bind((HOST, port))
    except OSError:
        door.close()
        raise
    return door


def _shut(door: socket.socket) -> None:
    # Closing alone does not wake the thread that waits in accept.
    with suppress(OSError):
        door.shutdown(socket.SHUT_RDWR)
    door.close()
