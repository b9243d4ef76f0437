"""Reads HTTP requests as uvicorn does, and bounds what a request may take before it is whole: bytes and seconds."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD: Final = 64 * 1024
"""Bytes of a request's first line and headers; a browser of the staff needs less than four thousand."""
HEAD_SECONDS = 10.0
"""Seconds in which they have to be there."""
REQUEST_SECONDS = 30.0
"""Seconds in which the body has to be there too; the largest is a megabyte."""


class BoundedHttp(HttpToolsProtocol):
    """One connection. Without these bounds a stranger could fill the memory with headers, or keep connections open by
    sending nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head = 0
        self._is_in_head = True
        self._timer: asyncio.TimerHandle | None = None
        self._due: float | None = None
        """Seconds that the present part of the request has; None = it is whole, or its time runs already."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Give the first request its time."""
        super().connection_made(transport)
        self._expect(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._expect(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came in, unless the head of the request is already too large."""
        if self._is_in_head:
            self._head += len(data)
        super().data_received(data)
        if self._due is not None:  # most requests come whole: for them no timer is started
            self._expect(self._due)
        if self._is_in_head and self._head > LONGEST_HEAD:
            self._refuse(b"431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        """A request begins; on a connection that was used before, its time begins too."""
        super().on_message_begin()
        if not self._is_in_head:
            self._is_in_head, self._head = True, 0
            self._due = HEAD_SECONDS

    def on_headers_complete(self) -> None:
        """The head is whole: now the body has its time."""
        self._is_in_head = False
        self._due = REQUEST_SECONDS
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole: how long the response takes is not bounded here."""
        self._expect(None)
        super().on_message_complete()

    def _expect(self, seconds: float | None) -> None:
        self._due = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if seconds is not None:
            self._timer = self.loop.call_later(seconds, self._refuse, b"408 Request Timeout")

    def _refuse(self, status: bytes) -> None:
        self._expect(None)
        if not self.transport.is_closing():
            # Nothing of ours has been written yet, unless an answer to a half-sent body; closing ends that as well.
            self.transport.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            self.transport.close()
