"""The actions on places, re-exported: hold, release, and free expired ones."""

from __future__ import annotations

from desk.places.claims import release_expired
from desk.places.holds import hold, release

__all__ = ["hold", "release", "release_expired"]
