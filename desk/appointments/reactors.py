"""Appointments react to no event; they set places of planned slots apart, since they know which of them are used."""

from __future__ import annotations

from desk.appointments.setting_apart import APART
from desk.parts import Reactors

__all__ = ["APART", "REACTORS"]

REACTORS: Reactors = {}
