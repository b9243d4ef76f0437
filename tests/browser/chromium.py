"""The Chromium of a worker: started with the first window, again where it has died; each test has its own windows.

To start it and the program that steers it costs a second and more of work, which a test would pay for each window. A
window (a context) shares no cookie, storage, cache or permission with another. All tests of the browser run in one
loop, because what steers Chromium belongs to the loop in which it was started.
"""

from __future__ import annotations

from playwright.async_api import Browser, Playwright, async_playwright

PATH = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Shared:
    """What runs, once a test has asked for it."""

    def __init__(self) -> None:
        self._steering: Playwright | None = None
        self._browser: Browser | None = None

    async def browser(self) -> Browser:
        """The one of this worker."""
        if self._steering is None:
            self._steering = await async_playwright().start()
        if self._browser is None or not self._browser.is_connected():
            self._browser = await self._steering.chromium.launch(executable_path=PATH, args=FLAGS)
        return self._browser

    async def end(self) -> None:
        """Close it, and all that is still open in it."""
        if self._browser is not None:
            await self._browser.close()
        if self._steering is not None:
            await self._steering.stop()
        self._steering = self._browser = None


SHARED = Shared()
