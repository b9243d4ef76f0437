"""What kind of browser and device somebody signs in with, as far as the browser says it: for people, not for checks."""

from __future__ import annotations

from enum import StrEnum


class BrowserKind(StrEnum):
    """The kinds of browser that are told apart."""

    FIREFOX = "firefox"
    EDGE = "edge"
    OPERA = "opera"
    SAMSUNG = "samsung"
    CHROME = "chrome"
    SAFARI = "safari"
    OTHER = "other"


class Machine(StrEnum):
    """The kinds of device that are told apart."""

    PHONE = "phone"
    TABLET = "tablet"
    WINDOWS = "windows"
    MAC = "mac"
    LINUX = "linux"
    OTHER = "other"


_BROWSERS = (
    ("Firefox/", BrowserKind.FIREFOX),
    ("FxiOS/", BrowserKind.FIREFOX),
    ("Edg", BrowserKind.EDGE),
    ("OPR/", BrowserKind.OPERA),
    ("SamsungBrowser/", BrowserKind.SAMSUNG),
    ("Chrome/", BrowserKind.CHROME),
    ("CriOS/", BrowserKind.CHROME),
    ("Safari/", BrowserKind.SAFARI),
)
"""In this order: most browsers also name those that they descend from."""
_MACHINES = (
    ("iPad", Machine.TABLET),
    ("iPhone", Machine.PHONE),
    ("Windows", Machine.WINDOWS),
    ("Macintosh", Machine.MAC),
    ("Linux", Machine.LINUX),
)


def browser_of(user_agent: str) -> tuple[BrowserKind, Machine]:
    """The kinds in the header `User-Agent`."""
    browser = next((kind for sign, kind in _BROWSERS if sign in user_agent), BrowserKind.OTHER)
    if "Android" in user_agent:
        return browser, Machine.PHONE if "Mobile" in user_agent else Machine.TABLET
    return browser, next((kind for sign, kind in _MACHINES if sign in user_agent), Machine.OTHER)
