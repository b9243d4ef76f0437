"""How a statement finds the proposal of the time that an appointment has now."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, and_

from desk.appointments.models import Appointment, Proposal
from desk.storage.upsert import table_of

proposals, _appointments = table_of(Proposal), table_of(Appointment)
OF_ITS_TIME: Final[ColumnElement[bool]] = and_(
    proposals.c.appointment_id == _appointments.c.id, proposals.c.moves == _appointments.c.moves
)
"""The proposal is that of the present time, and not of one that the appointment had before."""
