"""The pages of priority classes: what the directorate defines, how often each was given, and its history."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from backoffice.access import require_within
from backoffice.forms.fields import TwoLanguages
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.history.sentences import told
from backoffice.waiting.forms import ClassForm
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk import history
from desk.acting import OutOfReach, Permission
from desk.storage.base import ReadSession, WriteSession
from desk.waiting import actions, queries
from desk.waiting.history import class_subject
from desk.waiting.rows import PriorityClassRow

PATH: Final = "/waiting/classes"
LATELY: Final = timedelta(days=90)
MOST_EVENTS = 50


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """All classes, those that may be given first."""
    rows = sorted(queries.classes(session, active_only=False), key=lambda row: (not row.is_active, -row.days, row.id))
    given = queries.classes_given(session, since=request.now - LATELY)
    borne = queries.classes_borne(session)
    values = {
        "rows": [(row, given.get(row.id, 0), borne.get(row.id, 0)) for row in rows],
        "days": LATELY.days,
        "may_write": request.staff.scope(Permission.CATALOGUE_WRITE).is_national,
        "may_record": bool(request.staff.scope(Permission.APPOINTMENTS_RECORD)),
        "tab": "classes",
    }
    return Render(template="waiting/classes.html", values=values)


def new(session: ReadSession, request: PageRequest) -> PageResponse:
    """The empty form."""
    require_within(request.scope)
    return _form(ClassForm(), status=200)


async def create(request: PageRequest, backend: Backend) -> PageResponse:
    """Make a class."""
    require_within(request.scope)
    form = ClassForm(request.form)
    if not form.validate():
        return _form(form, status=422)
    await backend.write(_save, request, form=form, class_id=None)
    return Redirect(to=PATH, notice="saved")


def edit(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form of a class, and what became of it."""
    require_within(request.scope)
    return _edit(session, request, form=_form_of(_class(session, request)))


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Change a class; other days hold at once for everybody who bears it."""
    require_within(request.scope)
    form = ClassForm(request.form)
    if not form.validate():
        return await backend.read(_edit, request, form=form, status=422)
    try:
        await backend.write(_save, request, form=form, class_id=request.path["priority"])
    except ChangedMeanwhile:
        return await backend.read(_edit, request, form=form, status=409)
    return Redirect(to=PATH, notice="saved")


def _save(session: WriteSession, request: PageRequest, *, form: ClassForm, class_id: int | None) -> None:
    if class_id is not None:
        form.require_unchanged(
            session, subject=class_subject(class_id), present=lambda: _form_of(_class(session, request))
        )
        _class(session, request)
    actions.save_class(
        session,
        class_id=class_id,
        name=TwoLanguages.read(form, "name"),
        days=form.days.data,
        is_active=form.is_active.data,
        actor=request.actor,
        now=request.now,
    )


def _class(session: ReadSession | WriteSession, request: PageRequest) -> PriorityClassRow:
    """The class of the address. Raises OutOfReach."""
    every = queries.classes(session, active_only=False)
    found = next((row for row in every if row.id == request.path["priority"]), None)
    if found is None:
        raise OutOfReach
    return found


def _form_of(row: PriorityClassRow) -> ClassForm:
    values = {**TwoLanguages.values("name", row.name), "days": row.days, "is_active": row.is_active}
    return ClassForm(data=values)


def _edit(session: ReadSession, request: PageRequest, *, form: ClassForm, status: int = 200) -> Render:
    row = _class(session, request)
    wanted = history.HistoryFilter(subject=class_subject(row.id))
    found = history.found(session, scope=request.scope, wanted=wanted, limit=MOST_EVENTS)
    return _form(form, row=row, lines=[told(line) for line in found.rows], status=status)


def _form(form: ClassForm, *, status: int, row: PriorityClassRow | None = None, lines: object = ()) -> Render:
    values = {
        "form": form,
        "row": row,
        "lines": lines,
        "action": f"{PATH}/{row.id}" if row else f"{PATH}/new",
        "tab": "classes",
    }
    return Render(template="waiting/class.html", values=values, status=status)
