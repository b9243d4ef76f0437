"""The page of what has to be recorded of a person for a service: its versions, and the form for the next."""

from __future__ import annotations

from backoffice.access import require_within
from backoffice.catalogue.services import may_write
from backoffice.forms.fields import TwoLanguages
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.records.forms import NO, YES, RequiredForm
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.catalogue import queries as catalogue
from desk.catalogue.refusals import CopyDemanded
from desk.catalogue.rows import ServiceRow
from desk.records.queries import required_versions
from desk.records.requiring import set_required
from desk.records.rows import RequiredRow
from desk.storage.base import ReadSession, WriteSession


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The versions, newest first, with the form for another."""
    return _page(session, request)


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Enter another version."""
    require_within(request.scope)
    form = RequiredForm(request.form)
    if not form.validate():
        return await backend.read(_page, request, form=form, status=422)

    def act(session: WriteSession) -> None:
        service = _service(session, request)
        form.require_unchanged(
            session, subject=f"required:{service.id}", present=lambda: _present(session, service_id=service.id)
        )
        set_required(
            session,
            service_id=service.id,
            fields=TwoLanguages.read(form, "fields") or None,
            fingerprint=_chosen(form.fingerprint.data),
            photo=_chosen(form.photo.data),
            source=TwoLanguages.read(form, "source"),
            actor=request.actor,
            now=request.now,
        )

    try:
        await backend.write(act)
    except ChangedMeanwhile:
        return await backend.read(_page, request, form=form, status=409)
    except CopyDemanded as refusal:
        form.fields_fa.add_error(refused(refusal))
        return await backend.read(_page, request, form=form, status=422)
    return Redirect(to=f"/catalogue/{request.path['service']}/required", notice="saved")


def _page(
    session: ReadSession, request: PageRequest, *, form: RequiredForm | None = None, status: int = 200
) -> PageResponse:
    service = _service(session, request)
    versions = required_versions(session, service_id=service.id)
    values = {
        "card": service,
        "versions": versions,
        "form": form or _form_of(versions[0] if versions else None),
        "may_write": may_write(request),
        "tab": "required",
    }
    return Render(template="records/required.html", values=values, status=status)


def _present(session: WriteSession, *, service_id: int) -> RequiredForm:
    versions = required_versions(session, service_id=service_id)
    return _form_of(versions[0] if versions else None)


def _form_of(row: RequiredRow | None) -> RequiredForm:
    if row is None:
        return RequiredForm()
    values = TwoLanguages.values("fields", row.fields) | TwoLanguages.values("source", row.source)
    return RequiredForm(data={**values, "fingerprint": _key(row.fingerprint), "photo": _key(row.photo)})


def _chosen(key: str | None) -> bool | None:
    return None if not key else key == YES


def _key(said: bool | None) -> str | None:
    return None if said is None else YES if said else NO


def _service(session: ReadSession | WriteSession, request: PageRequest) -> ServiceRow:
    found = catalogue.service(session, service_id=request.path["service"])
    if found is None:
        raise OutOfReach
    return found
