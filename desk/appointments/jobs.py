"""The jobs that ask people whether they come, lapse appointments of past days that nobody recorded, forget whose old
ones were, what was wished for and how their tickets were edited, tell a chat that another named its number, and count
uses of services.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.appointments.actions import lapse
from desk.appointments.assistance import forget_wishes
from desk.appointments.confirming import ask_whether_they_come
from desk.appointments.contested import tell_first_chats
from desk.appointments.privacy import forget_names, past_with_names
from desk.appointments.tickets import forget_edits
from desk.appointments.using import count_uses
from desk.calendar import local_day_of
from desk.parts import Job, JobOfPeriod
from desk.storage.base import WriteSession


def lapse_appointments(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Let the unrecorded appointments of the days before today lapse."""
    return lapse(session, before=local_day_of(now).date, limit=limit, now=now)


JOBS = (
    Job(name="ask_whether_they_come", every=timedelta(minutes=10), run=ask_whether_they_come),
    Job(name="lapse_appointments", every=timedelta(minutes=30), run=lapse_appointments),
    Job(name="tell_of_numbers_named_again", every=timedelta(minutes=10), run=tell_first_chats),
    Job(name="count_uses_of_services", every=timedelta(hours=6), run=count_uses),
    Job(name="forget_wishes", every=timedelta(hours=1), run=forget_wishes),
    Job(name="forget_edits_of_tickets", every=timedelta(hours=6), run=forget_edits),
    JobOfPeriod(
        name="forget_names_of_appointments",
        every=timedelta(hours=6),
        period=lambda periods: periods.appointments,
        old=past_with_names,
        run=forget_names,
    ),
)
