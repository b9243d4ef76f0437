"""Whether an appointment still counts, for anybody who has its code; never whose it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.appointments.rows import Validity
from desk.calendar import local_day_of
from desk.catalogue import queries as catalogue
from desk.catalogue.models import Service
from desk.catalogue.rows import ServiceRow
from desk.codes import TrackingCode
from desk.offices import queries as offices
from desk.offices.models import Office, Province
from desk.storage.upsert import table_of

_appointment, _office = table_of(Appointment), table_of(Office)
_province, _service = table_of(Province), table_of(Service)
_OWN = 2
_TO_SERVICE = _OWN + len(offices.COLUMNS)
_BY_CODE = (
    select(*_appointment.c["is_live", "day"], *offices.COLUMNS, *catalogue.LISTED)
    .select_from(_appointment)
    .join(_office, _office.c.id == _appointment.c.office_id)
    .join(_province, _province.c.code == _office.c.province_code)
    .join(_service, _service.c.id == _appointment.c.service_id)
    .where(_appointment.c.code == bindparam("code"))
)


def validity(session: Session, *, code: TrackingCode, now: datetime) -> Validity | None:
    """What the appointment of this code is worth now; None = there is none. One statement, which reads no person.

    An appointment is valid until the end of its day at the office, however late its person comes.
    """
    found = session.connection().execute(_BY_CODE, {"code": code.digits}).one_or_none()
    if found is None:
        return None
    is_live, day = found[:_OWN]
    office = offices.row_of(found[_OWN:_TO_SERVICE])
    is_valid = is_live and day >= local_day_of(now, zone=office.zone).date
    return Validity(is_valid, ServiceRow(*found[_TO_SERVICE:]), office, day)
