"""The page on which the directorate lets the places of a service in a province be drawn, or be open again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from backoffice.access import require_within
from backoffice.draws.forms import DRAWN, ChoosePlaceForm, SettingForm, say_at_its_field, setting_form_of
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.history.sentences import told
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk import history
from desk.acting import OutOfReach
from desk.capacity.drawing import last_open_day
from desk.catalogue import queries as catalogue
from desk.draws import actions
from desk.draws.evidence import scarcity
from desk.draws.history import SETTING
from desk.draws.lists import PlaceNames, place_names
from desk.draws.order import DAYS_A_LOT, MOST_LOTS
from desk.draws.queries import live_draws, setting
from desk.draws.refusals import DrawUnusable, NoDrawAnnounced
from desk.draws.rules import DrawState
from desk.language.text import Text, words
from desk.offices import queries as offices
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay

_ = words("draws")

PATH: Final = "/draws/setting"
MOST_EVENTS = 20


@dataclass(frozen=True, slots=True)
class SettingPlace:
    """A service in a province."""

    service_id: int
    province_code: str
    names: PlaceNames

    @property
    def subject(self) -> str:
        """What the history calls its setting."""
        return f"{SETTING}{self.service_id}:{self.province_code}"

    @property
    def query(self) -> str:
        """How an address names it."""
        return f"?service={self.service_id}&province={self.province_code}"


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The setting of the chosen service and province; without them, the choice."""
    require_within(request.scope)
    service, province = request.query_number("service"), request.query_text("province")
    if service is None or not province:
        return choosing(session, request, address=PATH)
    place = chosen_place(session, service_id=service, province_code=province)
    return _page(session, request, place=place, form=_form_of(session, place))


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Set it; the evidence of this moment is kept beside it."""
    require_within(request.scope)
    place = await backend.read(typed_place, request)
    form = SettingForm(request.form)
    if not form.validate():
        return await backend.read(_page, request, place=place, form=form, status=422)
    try:
        await backend.write(_set, request, place=place, form=form)
    except ChangedMeanwhile:
        return await backend.read(_page, request, place=place, form=form, status=409)
    except DrawUnusable as refusal:
        say_at_its_field(form, refusal)
    except NoDrawAnnounced as refusal:
        form.how.add_error(refused(refusal))
    else:
        return Redirect(to=PATH + place.query, notice="saved")
    return await backend.read(_page, request, place=place, form=form, status=422)


def _set(session: WriteSession, request: PageRequest, *, place: SettingPlace, form: SettingForm) -> None:
    form.require_unchanged(session, subject=place.subject, present=lambda: _form_of(session, place))
    found = scarcity(session, service_id=place.service_id, province_code=place.province_code, now=request.now)
    actions.set_rules(
        session,
        service_id=place.service_id,
        province_code=place.province_code,
        rules=form.rules,
        is_drawn=form.how.data == DRAWN,
        reason=form.reason.data,
        evidence=found.plain(),
        actor=request.actor,
        now=request.now,
    )


def choosing(session: ReadSession, request: PageRequest, *, address: str) -> Render:
    """The choice of a service that takes appointments and of a province; what is missing is said once it was sent."""
    form = ChoosePlaceForm(data={name: request.query_text(name) for name in ("service", "province")})
    form.service.options = [(str(each.id), each.title) for each in catalogue.services(session, bookable_only=True)]
    form.province.options = [(each.code, each.name) for each in offices.provinces(session)]
    for field in (form.service, form.province):
        if field.name in request.query and not field.data:
            field.add_error(_("Please choose one."))
    return Render(template="draws/choose.html", values={"form": form, "address": address})


def chosen_place(session: ReadSession | WriteSession, *, service_id: int, province_code: str) -> SettingPlace:
    """The service and the province of these. Raises OutOfReach where one of them does not exist."""
    names = place_names(session, service_id=service_id, province_code=province_code)
    if names is None:
        raise OutOfReach
    return SettingPlace(service_id, province_code, names)


def typed_place(session: ReadSession, request: PageRequest) -> SettingPlace:
    """The service and the province that a form sends along. Raises OutOfReach."""
    service_id = request.form_number("service")
    return chosen_place(session, service_id=service_id or 0, province_code=request.form_text("province"))


def _form_of(session: ReadSession | WriteSession, place: SettingPlace) -> SettingForm:
    return setting_form_of(setting(session, service_id=place.service_id, province_code=place.province_code))


def _page(
    session: ReadSession, request: PageRequest, *, place: SettingPlace, form: SettingForm, status: int = 200
) -> Render:
    last = last_open_day(session, service_id=place.service_id, province_code=place.province_code)
    live = live_draws(session, service_id=place.service_id, province_code=place.province_code)
    announced = [each for each in live if each.state is DrawState.OPEN]
    wanted = history.HistoryFilter(subject=place.subject)
    lines = history.found(session, scope=request.scope, wanted=wanted, limit=MOST_EVENTS)
    values = {
        "place": place,
        "form": form,
        "evidence": scarcity(session, service_id=place.service_id, province_code=place.province_code, now=request.now),
        "stands": _stands(None if last is None else LocalDay(last).plus(1)),
        "is_drawn": last is not None,
        "begins": LocalDay(announced[0].first_day) if announced else None,
        "lines": [told(line) for line in lines.rows],
        "lots": (DAYS_A_LOT, MOST_LOTS),
        "address": PATH,
    }
    return Render(template="draws/setting.html", values=values, status=status)


def _stands(first: LocalDay | None) -> Text:
    if first is None:
        return _("Places are open now: who comes first books.")
    return _("Places are drawn now, from {day} on.", day=first)
