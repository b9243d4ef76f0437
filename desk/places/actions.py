"""Keeping a place, giving it up, and freeing those whose time is over."""

from __future__ import annotations

from desk.places.claims import release_expired
from desk.places.holds import hold, release

__all__ = ["hold", "release", "release_expired"]
