"""The page that says how many people a day a queue takes for each service; what is taken already is shown first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from backoffice.capacity.forms import quotas_form
from backoffice.capacity.outlook import waits_of
from backoffice.capacity.queues import queue_in_reach
from backoffice.forms.days import today_at
from backoffice.forms.versions import ChangedMeanwhile, EditForm
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.capacity.rows import QueueRow
from desk.capacity.saving_quotas import Quota, TakenDay, quotas_of, set_quotas, taken_days
from desk.consequences.actions import IntendedChange
from desk.consequences.foreseeing import Foreseen, foresee
from desk.consequences.hit import Reach
from desk.consequences.rules import ChangeKind
from desk.language.text import FullDay, Localised, Text, words
from desk.offices.rows import OfficeRow
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay

_ = words("capacity")

MOST_DAYS = 14
"""Of the days with room so many are listed, the next ones; those above the limit are listed all."""


@dataclass(frozen=True, slots=True)
class QuotasOnPage:
    """What stands of the queue: its services with their quotas."""

    office: OfficeRow
    queue: QueueRow
    quotas: tuple[Quota, ...]


@dataclass(frozen=True, slots=True)
class QuotaOutlook:
    """What a quota comes to: how many are taken on which day, and on which days more than it allows."""

    title: Localised
    says: Text
    above: tuple[Text, ...]
    days: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class QuotasOutlook:
    """The same of all services that change or have a quota, and what people find then."""

    services: tuple[QuotaOutlook, ...]
    waits: tuple[Text, ...]


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form with the quotas that hold."""
    standing = _standing(session, request)
    return _render(standing, form=_form_of(standing.quotas))


async def change(request: PageRequest, backend: Backend) -> PageResponse:
    """Show what quotas come to, and save them once that was seen."""
    standing = await backend.read(_standing, request)
    form = quotas_form(standing.quotas)(request.form)
    if not form.validate():
        return _render(standing, form=form, status=422)
    wanted = {each.service_id: form[_field(each)].data for each in standing.quotas}
    seen = _sign(wanted, standing)
    queue_id = standing.queue.id

    def act(session: WriteSession) -> None:
        queue_in_reach(session, request)
        form.require_unchanged(
            session,
            subject=f"queue:{queue_id}",
            present=lambda: _form_of(quotas_of(session, queue_id=queue_id)),
        )
        set_quotas(session, queue_id=queue_id, quotas=wanted, actor=request.actor, now=request.now)

    taken: dict[int, list[TakenDay]] = {}

    def act_and_count(session: WriteSession) -> None:
        act(session)
        today = today_at(request.now, zone=standing.office.zone).date
        for service_id, most in wanted.items():
            if most is not None:
                taken[service_id] = taken_days(session, queue_id=queue_id, service_id=service_id, today=today)

    intended = IntendedChange(
        kind=ChangeKind.QUEUE, subject=f"queue:{queue_id}", reach=Reach(queue_id=queue_id), act=act_and_count
    )
    try:
        if request.form_text("do") == "save" and request.form_text("seen") == seen:
            await backend.write(act)  # no sheet of people: what is booked stays
            return Redirect(to=f"/capacity/{standing.office.id}/queues/{queue_id}", notice="saved")
        await backend.write(foresee, intended=intended, queue_ids=[queue_id], actor=request.actor, now=request.now)
    except Foreseen as foreseen:
        outlook = await backend.read(_outlook, standing, foreseen, wanted=wanted, taken=taken)
        return _render(standing, form=form, outlook=outlook, seen=seen)
    except ChangedMeanwhile:
        pass
    return _render(standing, form=form, status=409)


def _outlook(
    session: ReadSession,
    standing: QuotasOnPage,
    foreseen: Foreseen,
    *,
    wanted: Mapping[int, int | None],
    taken: Mapping[int, Sequence[TakenDay]],
) -> QuotasOutlook:
    shown = tuple(
        _of_service(each, wanted[each.service_id], taken.get(each.service_id, ()))
        for each in standing.quotas
        if each.most_a_day is not None or wanted[each.service_id] is not None
    )
    return QuotasOutlook(shown, waits_of(session, foreseen, office=standing.office, offices={}))


def _of_service(quota: Quota, most: int | None, days: Sequence[TakenDay]) -> QuotaOutlook:
    if most is None:
        return QuotaOutlook(quota.title, _("As many people a day as there are places."), (), ())
    above = tuple(
        _("{day}: {n} are taken, {more} more than that", day=_day(each), n=each.taken, more=each.taken - most)
        for each in days
        if each.taken > most
    )
    within = [each for each in days if each.taken <= most]
    listed = tuple(_("{day}: {n} of {most} are taken", day=_day(each), n=each.taken, most=most) for each in within)
    return QuotaOutlook(quota.title, _("At most {n} people a day.", n=most), above, listed[:MOST_DAYS])


def _day(each: TakenDay) -> FullDay:
    return FullDay(LocalDay(each.day))


def _standing(session: ReadSession, request: PageRequest) -> QuotasOnPage:
    office, queue = queue_in_reach(session, request)
    return QuotasOnPage(office, queue, tuple(quotas_of(session, queue_id=queue.id)))


def _field(quota: Quota) -> str:
    return f"most_{quota.service_id}"


def _form_of(quotas: Sequence[Quota]) -> EditForm:
    return quotas_form(quotas)(data={_field(each): each.most_a_day for each in quotas})


def _sign(wanted: Mapping[int, int | None], standing: QuotasOnPage) -> str:
    """A hash of what was asked for and of what holds; another one means that it has to be shown anew."""
    held = {each.service_id: each.most_a_day for each in standing.quotas}
    return sha256(f"{dict(wanted)}\n{held}".encode()).hexdigest()[:24]


def _render(
    standing: QuotasOnPage,
    *,
    form: EditForm,
    outlook: QuotasOutlook | None = None,
    seen: str = "",
    status: int = 200,
) -> Render:
    values = {
        "form": form,
        "fields": [form[_field(each)] for each in standing.quotas],
        "office": standing.office,
        "queue": standing.queue,
        "outlook": outlook,
        "seen": seen,
    }
    return Render(template="capacity/quotas.html", values=values, status=status)
