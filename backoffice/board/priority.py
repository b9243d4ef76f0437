"""Gives somebody who waits a priority class, with a reason, or takes it back."""

from __future__ import annotations

from typing import Final

from wtforms import Form

from backoffice.appointments.day_list import reading_of
from backoffice.appointments.recording import appointment_in_reach
from backoffice.board.page import address_of
from backoffice.board.presses import press_of
from backoffice.forms.choices import Pick
from backoffice.waiting.wording import CLASS_REASONS
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.language.text import Text, words
from desk.line import actions as line
from desk.line.rows import AfterPress
from desk.refusals import Refusal
from desk.staff.form_keys import SentAlready
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay
from desk.waiting import queries as waiting
from desk.waiting.rows import PriorityClassRow
from desk.waiting.rules import ClassReason

_ = words("board")

TEMPLATE: Final = "board/priority.html"
NONE: Final = "0"


class PriorityForm(Form):
    """The class of somebody in the line, and why."""

    priority = Pick(_("Priority class"), empty=_("Please choose"))
    reason = Pick(_("Why?"), options=list(CLASS_REASONS.items()), empty=_("Please choose"))

    def offering(self, classes: list[PriorityClassRow]) -> PriorityForm:
        """The form with the classes that may be given, and with none."""
        self.priority.options = [(NONE, _("No priority")), *((str(each.id), each.name) for each in classes)]
        return self


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """Ask for the class and the reason."""
    return _asked(session, request, form=PriorityForm().offering(waiting.classes(session)))


async def give(request: PageRequest, backend: Backend) -> PageResponse:
    """Give the class that was chosen."""
    classes = await backend.read(waiting.classes)
    form = PriorityForm(formdata=None).offering(classes)
    form.process(request.form)
    office = await backend.read(_office_of, request)
    if not form.validate():
        return await backend.read(_asked, request, form=form)
    chosen = int(form.priority.data)
    reason = ClassReason(form.reason.data)

    def act(session: WriteSession) -> AfterPress:
        return line.give_class(
            session,
            appointment_id=request.path["appointment"],
            class_id=chosen or None,
            reason=reason,
            press=press_of(request, "priority"),
            actor=request.actor,
            now=request.now,
        )

    try:
        await backend.write(act)
    except (OutOfReach, SentAlready):
        raise
    except Refusal as refusal:
        return await backend.read(_asked, request, form=form, problem=refused(refusal))
    return Redirect(to=f"{address_of(office)}#person-{request.path['appointment']}", notice="recorded")


def _office_of(session: ReadSession, request: PageRequest) -> int:
    return appointment_in_reach(session, request).office.id


def _asked(
    session: ReadSession, request: PageRequest, *, form: PriorityForm, problem: Text | None = None
) -> PageResponse:
    appointment = appointment_in_reach(session, request)
    values = {
        "form": form,
        "appointment": appointment,
        "back": address_of(appointment.office.id),
        "problem": problem,
    }
    reading = reading_of(appointment.office.id, LocalDay(appointment.day))
    is_wrong = bool(form.errors) or problem is not None
    return Render(template=TEMPLATE, values=values, status=422 if is_wrong else 200, reading=reading)
