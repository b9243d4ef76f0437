"""Serves stylesheets, scripts and fonts, compressed, at addresses that change with the content."""

from __future__ import annotations

import gzip
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

STATIC = Path(__file__).parent.parent / "static"
COMPRESSED = {".css", ".js", ".svg"}
YEAR = "public, max-age=31536000, immutable"
WEEK = "public, max-age=604800"


class Assets:
    """The files in `static/`, each read once.

    Files are compressed and pages are not, so that a page's secret token is never compressed together with text that a
    stranger chose.
    """

    def __init__(self, root: Path = STATIC) -> None:
        self.root = root.resolve()
        self._plain: dict[str, bytes] = {}
        self._packed: dict[str, bytes] = {}
        self._versions: dict[str, str] = {}

    def address(self, name: str) -> str:
        """The address of a file with a hash of its content, so that browsers may cache it for ever."""
        if name not in self._versions:
            self._versions[name] = sha256(self.content(name)).hexdigest()[:10]
        return f"/static/{name}?v={self._versions[name]}"

    def content(self, name: str) -> bytes:
        """The bytes of a file below `static/`.

        Raises:
            FileNotFoundError: there is no such file.
        """
        if name not in self._plain:
            path = (self.root / name).resolve()
            if not path.is_relative_to(self.root) or not path.is_file():
                raise FileNotFoundError(name)
            self._plain[name] = path.read_bytes()
        return self._plain[name]

    def packed(self, name: str) -> bytes:
        """The gzip copy of a file."""
        if name not in self._packed:
            self._packed[name] = gzip.compress(self.content(name), 6, mtime=0)
        return self._packed[name]

    def answer(self, request: Request[Any, Any, Any], name: str) -> Response[bytes]:
        """The response for a browser that wants `name`."""
        name = name.lstrip("/")
        try:
            content = self.content(name)
        except (FileNotFoundError, ValueError):
            raise NotFoundException from None
        headers = {"cache-control": YEAR if "v" in request.query_params else WEEK, "vary": "accept-encoding"}
        if Path(name).suffix in COMPRESSED and "gzip" in request.headers.get("accept-encoding", ""):
            content = self.packed(name)
            headers["content-encoding"] = "gzip"
        media_type = guess_type(name)[0] or "application/octet-stream"
        if media_type.startswith("text/"):
            media_type += "; charset=utf-8"
        return Response(content, media_type=media_type, headers=headers)


def assets_route(assets: Assets) -> Any:
    """The Litestar handler for `/static/…`."""

    @get("/static/{name:path}", name="static", sync_to_thread=False, opt={"public": True}, include_in_schema=False)
    def static(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
        return assets.answer(request, name)

    return static
