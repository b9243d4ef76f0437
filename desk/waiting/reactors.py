"""What became free is kept for those who wait, in the transaction that freed it."""

from __future__ import annotations

from desk.parts import Reactors
from desk.waiting.keeping import keep

REACTORS: Reactors = {}
KEEPER = keep
