"""The page with the two phones and its files, under a strict content policy; and the fonts where they are installed."""

from collections.abc import Callable, Sequence
from pathlib import Path

from aiohttp import web

from emulator.world import World

_HERE = Path(__file__).parent / "page"
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache",
            "Referrer-Policy": "no-referrer"}  # fmt: skip


class EmulatorPages:
    """`/` the page, `/page/…` its scripts and styles, `/font/…` Vazirmatn, `/_emulator/media/…` pictures and voices."""

    def __init__(
        self,
        world: World,
        *,
        fonts: Path | None,
        links: Sequence[tuple[str, str]],
        codes: Callable[[], Sequence[tuple[str, str, int]]],
    ) -> None:
        self._world = world
        self._fonts = fonts
        self._links = links
        self._codes = codes

    def routes(self) -> list[web.RouteDef]:
        """The routes of the page and of its files."""
        return [
            web.get("/", self.index),
            web.get("/favicon.ico", self.icon),
            web.get("/page/{name}", self.asset),
            web.get("/font/{name}", self.font),
            web.get("/_emulator/links", self.links),
            web.get("/_emulator/codes", self.codes),
            web.get("/_emulator/media/{unique}", self.media),
        ]

    async def index(self, _: web.Request) -> web.Response:
        """Serve the page."""
        return _file(_HERE / "index.html")

    async def icon(self, _: web.Request) -> web.Response:
        """Serve the icon."""
        return _file(_HERE / "icon.svg")

    async def asset(self, request: web.Request) -> web.Response:
        """Serve a script or style of the page."""
        return _file(_HERE / Path(request.match_info["name"]).name)

    async def font(self, request: web.Request) -> web.Response:
        """Serve a font file, 404 where fonts are not installed."""
        if self._fonts is None:
            raise web.HTTPNotFound
        return _file(self._fonts / Path(request.match_info["name"]).name)

    async def links(self, _: web.Request) -> web.Response:
        """Serve the further addresses the page shows."""
        return web.json_response([{"label": label, "url": url} for label, url in self._links])

    async def codes(self, _: web.Request) -> web.Response:
        """Serve what an app for codes would show now."""
        return web.json_response([{"name": name, "code": code, "left": left} for name, code, left in self._codes()])

    async def media(self, request: web.Request) -> web.Response:
        """Serve a file of a message to the page."""
        stored = self._world.files.by_unique(request.match_info["unique"])
        if stored is None:
            raise web.HTTPNotFound
        mime = stored.mime if stored.mime.startswith(("image/", "audio/")) else "application/octet-stream"
        return web.Response(body=stored.content, headers={**_HEADERS, "Content-Type": mime})


def _file(path: Path) -> web.Response:
    kind = _TYPES.get(path.suffix)
    if kind is None or not path.is_file():
        raise web.HTTPNotFound
    headers = {**_HEADERS, "Content-Type": kind if path.suffix == ".woff2" else f"{kind}; charset=utf-8"}
    return web.Response(body=path.read_bytes(), headers=headers)
