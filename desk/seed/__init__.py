"""The first data of a desk: provinces, starter catalogue and public holidays, and a fictional demonstration."""

from __future__ import annotations

from desk.seed.loading import Seeded, load

__all__ = ["Seeded", "load"]
