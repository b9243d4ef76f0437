"""What an empty desk starts with: provinces, the starter catalogue, public holidays, and a fictional demo."""

from __future__ import annotations

from desk.seed.loading import Seeded, load

__all__ = ["Seeded", "load"]
