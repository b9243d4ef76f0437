"""The tests' only network is this machine: any other address is refused, and the test that asked for it fails."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

LOCAL_NAMES = {"localhost", "", None}


class OutsideWorldError(Exception):
    """A test tried to reach an address outside this machine."""


def is_local(host: object) -> bool:
    """Whether `host`, an address or a name as sockets take it, is this machine."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(str(name).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _check(address: object) -> None:
    # A Unix socket's address is its path, an Internet socket's a tuple that begins with the host.
    if isinstance(address, tuple) and not is_local(address[0]):
        raise OutsideWorldError(f"tests reach only this machine, not {address[0]}")


@contextmanager
def loopback_only() -> Iterator[None]:
    """Inside it, connecting or looking up anything but this machine raises OutsideWorldError."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: socket.socket, address: Any) -> Any:
            _check(address)
            return original(self, address)

        return call

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_local(host):
            raise OutsideWorldError(f"tests look up only this machine, not {host}")
        return look_up(host, *args, **kwargs)

    socket.socket.connect = guarded(connect)  # type: ignore[method-assign]  # replacing it is the point
    socket.socket.connect_ex = guarded(connect_ex)  # type: ignore[method-assign]  # the same
    socket.getaddrinfo = guarded_look_up
    try:
        yield
    finally:
        socket.socket.connect = connect  # type: ignore[method-assign]  # putting it back
        socket.socket.connect_ex = connect_ex  # type: ignore[method-assign]  # the same
        socket.getaddrinfo = look_up


@contextmanager
def one_trust_store() -> Iterator[None]:
    """Inside it the certificates of the world are read once: no test meets one, and each channel reads them again.

    Reading them takes 22 ms; a channel to Bale does it twice, and hundreds of tests start one.
    """
    create = ssl.create_default_context
    made: dict[str, ssl.SSLContext] = {}

    def create_once(*args: Any, **given: Any) -> ssl.SSLContext:
        if args or set(given) != {"cafile"}:
            return create(*args, **given)
        if given["cafile"] not in made:
            made[given["cafile"]] = create(**given)
        return made[given["cafile"]]

    ssl.create_default_context = create_once
    try:
        yield
    finally:
        ssl.create_default_context = create
