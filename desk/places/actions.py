"""Keeping a place, and giving it up."""

from __future__ import annotations

from desk.places.holds import hold, release, release_expired

__all__ = ["hold", "release", "release_expired"]
