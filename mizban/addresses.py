"""Checks the addresses in the settings: of the database, of messengers, of proxies and our own."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
UNDERSTOOD = frozenset({"host", "port", "ssl", "prepared_statement_cache_size"})
"""The options that asyncpg reads from the query part of a database address."""
ENCRYPTED = frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
"""The values of libpq's `sslmode`; asyncpg has the same for `ssl`."""


def database_address(typed: str) -> str:
    """The address in the form for SQLAlchemy and asyncpg; libpq's `sslmode` becomes `ssl`. Raises ValueError."""
    try:
        url = make_url(typed)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):
        raise ValueError("is not a database address") from None
    if backend not in {"sqlite", "postgresql"}:
        raise ValueError("has to begin with sqlite:/// or postgresql+asyncpg://")
    if backend == "sqlite":
        if url.query:
            raise ValueError("takes nothing behind a question mark with SQLite")
        return typed
    if url.drivername not in {"postgresql", "postgresql+asyncpg"}:
        raise ValueError("has to begin with postgresql+asyncpg://: no other driver is installed")
    return _with_known_words(url).render_as_string(hide_password=False)


def _with_known_words(url: URL) -> URL:
    mode = url.query.get("sslmode")
    if mode is not None:
        if mode not in ENCRYPTED or "ssl" in url.query:
            raise ValueError(f"has an sslmode that is none of {', '.join(sorted(ENCRYPTED))}, or has one twice")
        url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    for name in sorted(url.query):
        if name.startswith("ssl") and name not in UNDERSTOOD:
            raise ValueError("names a certificate file, which is set by PGSSLROOTCERT, PGSSLCERT and PGSSLKEY instead")
        if name not in UNDERSTOOD:
            raise ValueError("has a word behind the question mark that is none of host, port, ssl and sslmode")
        if not isinstance(url.query[name], str) and name != "host":
            raise ValueError(f"says {name} twice")
    if not str(url.query.get("prepared_statement_cache_size", "0")).isdecimal():
        raise ValueError("has a prepared_statement_cache_size that is no number")
    return url


def own_address(typed: str) -> str:
    """The address by which people and messengers reach us: scheme, host and port only. Raises ValueError."""
    parts = _split(typed)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ValueError("has to be https (http only on this machine)")
    if parts.path.strip("/") or parts.query or parts.fragment or "?" in typed or "#" in typed:
        raise ValueError("has to end behind the host, without a path: the pages stand at the top of their host")
    return typed.rstrip("/")


def messenger_address(typed: str) -> str:
    """The address of a messenger's Bot API or of a relay, which may have a path. Raises ValueError."""
    parts = _split(typed)
    if parts.scheme not in {"http", "https"}:
        raise ValueError("has to begin with https://")
    if parts.query or parts.fragment or "?" in typed or "#" in typed:
        raise ValueError("has to end before any question mark or #")
    return typed.rstrip("/")


def proxy_address(typed: str) -> str:
    """The address of a proxy, which may hold a name and a password. Raises ValueError."""
    parts = _split(typed, may_name_user=True)
    if parts.scheme not in {"socks5", "socks4", "http"}:
        raise ValueError("has to begin with socks5://, socks4:// or http://")
    return typed


def _split(typed: str, *, may_name_user: bool = False) -> SplitResult:
    """The parts of an address with a host. `urlsplit` silently drops line ends, so they are checked first."""
    if any(letter.isspace() or not letter.isprintable() for letter in typed):
        raise ValueError("has a space or a line end in it")
    try:
        parts = urlsplit(typed)
        port_is_right = parts.port != 0
    except ValueError:
        raise ValueError("is not an address") from None
    if not parts.hostname or not port_is_right:
        raise ValueError("is not an address" if not parts.scheme else "names no host, or no port that can be")
    if not may_name_user and (parts.username is not None or parts.password is not None):
        raise ValueError("has a user name in it")
    return parts
