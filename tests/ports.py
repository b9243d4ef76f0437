"""A port for a program that a test starts.

Not one that the system gives out by itself: of those each socket of the whole test run takes one, also while a program
has yet to listen on its own, or is killed and started again.
"""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

GIVEN_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST, HIGHEST = 10_000, 65_000


def free_port() -> int:
    """A port nobody listens on, and that nobody gets by chance."""
    try:
        first, last = (int(each) for each in GIVEN_OUT.read_text().split())
    except (OSError, ValueError):  # no Linux
        first, last = 32_768, 60_999
    for _ in range(1000):
        port = LOWEST + secrets.randbelow(HIGHEST - LOWEST)
        if not first <= port <= last and _is_free(port):
            return port
    with socket.socket() as probe:  # this system gives out all of them
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
