"""The forms for queues, weekly hours, days that differ, and holidays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from backoffice.capacity.wording import EXCEPTIONS
from backoffice.forms.choices import Pick, Several, Tick
from backoffice.forms.fields import TextLine
from backoffice.forms.numbers import Day, Number, TimeOfDay
from backoffice.forms.versions import EditForm
from desk.capacity.models import ExceptionKind
from desk.capacity.saving_quotas import MOST_A_DAY, Quota
from desk.capacity.shares import MOST_HOURS_BEFORE, MOST_HOURS_ON_THE_DAY, WHOLE
from desk.catalogue.rules import MOST_DAYS_AHEAD
from desk.language import vocabulary
from desk.language.text import words

_ = words("capacity")

WEEKDAYS = [(str(day), vocabulary.weekday(day)) for day in range(7)]


class QueueForm(EditForm):
    """A queue: its name and its services."""

    name_fa = TextLine(_("Name in Persian"), longest=80)
    name_fa_AF = TextLine(_("Name in Dari"), required=False, longest=80)
    services = Several(_("Services of this queue"))
    is_active = Tick(_("The queue is in use"))


class HorizonForm(EditForm):
    """How an office opens its days for a service; what is empty is as the service says."""

    days_ahead = Number(
        _("How many days ahead this office opens"),
        required=False,
        least=1,
        most=MOST_DAYS_AHEAD,
        hint=_("Empty = as the service says. It can be fewer days, not more."),
    )
    opens_at = TimeOfDay(
        _("At which hour a new day opens here"),
        required=False,
        hint=_("By the clock of the office. Empty = as the service says."),
    )


class SharesForm(EditForm):
    """Which places of a queue are set apart, in percent, and how long before its start each opens."""

    desk = Number(
        _("For the desk and the telephone, percent of the places"),
        most=WHOLE,
        hint=_("The desk takes these first. 0 = none are set apart."),
    )
    walk_in = Number(
        _("For people without a turn, percent of the places"), most=WHOLE, hint=_("Nobody can book these before.")
    )
    desk_hours = Number(
        _("How many hours before they open to everybody: those of the desk"),
        most=MOST_HOURS_BEFORE,
        hint=_("What is not taken then goes to those who wait, else to everybody. 0 = never before."),
    )
    walk_in_hours = Number(
        _("How many hours before they open to everybody: those for people without a turn"),
        most=MOST_HOURS_ON_THE_DAY,
        hint=_("On the day itself, never before. 0 = never."),
    )


HOUSEHOLD_COUNTS_ONCE: Final = _("One visit serves a whole household: who book together count as one.")


def quotas_form(quotas: Iterable[Quota]) -> type[EditForm]:
    """The form of a queue with these services: how many people a day it takes for each."""
    fields = {
        f"most_{each.service_id}": Number(
            _("{service}: people a day at most", service=each.title),
            required=False,
            least=1,
            most=MOST_A_DAY,
            hint=HOUSEHOLD_COUNTS_ONCE if each.is_per_household else None,
        )
        for each in quotas
    }
    return type("QuotasForm", (EditForm,), fields)


RANGES_OF_A_DAY = ("", "2", "3", "4")
"""How the names of the fields of each range of a day that differs end."""


class DayForm(EditForm):
    """A day that differs from the weekly hours: counters without hours change those of the whole day."""

    proposed = frozenset({"is_meant"})

    day = Day(_("Day"))
    kind = Pick(_("What is different?"), options=[(kind.value, EXCEPTIONS[kind]) for kind in ExceptionKind])
    opens = TimeOfDay(_("Opens at"), required=False)
    closes = TimeOfDay(_("Closes at"), required=False)
    counters = Number(_("Counters"), required=False, least=1, most=200)
    minutes = Number(_("Minutes for each person"), required=False, least=1, most=480)
    opens2 = TimeOfDay(_("Opens at"), required=False)
    closes2 = TimeOfDay(_("Closes at"), required=False)
    counters2 = Number(_("Counters"), required=False, least=1, most=200)
    minutes2 = Number(_("Minutes for each person"), required=False, least=1, most=480)
    opens3 = TimeOfDay(_("Opens at"), required=False)
    closes3 = TimeOfDay(_("Closes at"), required=False)
    counters3 = Number(_("Counters"), required=False, least=1, most=200)
    minutes3 = Number(_("Minutes for each person"), required=False, least=1, most=480)
    opens4 = TimeOfDay(_("Opens at"), required=False)
    closes4 = TimeOfDay(_("Closes at"), required=False)
    counters4 = Number(_("Counters"), required=False, least=1, most=200)
    minutes4 = Number(_("Minutes for each person"), required=False, least=1, most=480)
    reason = TextLine(_("Reason, for colleagues"), longest=200)
    is_meant = Tick(_("Yes, these numbers are meant"))


class HolidayForm(EditForm):
    """A holiday of the whole country, or the closure of a province."""

    day = Day(_("Day"))
    province = Pick(_("Where"), required=False)
    name_fa = TextLine(_("Name in Persian"), longest=80)
    name_fa_AF = TextLine(_("Name in Dari"), required=False, longest=80)
    is_confirmed = Tick(_("The date is confirmed"))
    is_closed = Tick(_("Offices are closed"))
