"""All tables of the desk in one metadata, for migrations and for the test that compares both."""

from __future__ import annotations

from sqlalchemy import MetaData

from desk.appointments import models as appointments
from desk.capacity import models as capacity
from desk.cases import models as cases
from desk.catalogue import models as catalogue
from desk.consequences import models as consequences
from desk.conversations import models as conversations
from desk.events import models as events
from desk.offices import models as offices
from desk.outbox import models as outbox
from desk.people import models as people
from desk.places import models as places
from desk.staff import models as staff
from desk.storage.base import Base
from desk.visits import models as visits

SUBJECTS = (
    appointments,
    capacity,
    cases,
    catalogue,
    consequences,
    conversations,
    events,
    offices,
    outbox,
    people,
    places,
    staff,
    visits,
)


def metadata() -> MetaData:
    """The metadata with every subject's tables loaded."""
    return Base.metadata
