"""The usual desk of the transcripts: two offices in Alborz and one in Tehran, four services, a few free times."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from desk.capacity.models import Queue
from desk.catalogue.models import Service, ServicePaper, ServiceStep
from desk.catalogue.rules import Audience, RecordState, ServiceChannel
from desk.language.text import Localised
from desk.people.rules import DocumentKind
from desk.reading.folding import fold
from desk.storage.base import WriteSession
from tests import makers, makers_areas
from tests.makers_fees import make_fee

ENGLISH = {
    "IR-30": "Alborz",
    "IR-23": "Tehran",
    "karaj": "Karaj",
    "tehran": "Tehran",
    "street": "Azadi Street 1",
    "office": "Office",
    "identity": "Identity check",
    "renewal": "Renew amayesh card",
    "revocation": "Revoke papers",
    "passport": "Amayesh to passport",
    "card": "Amayesh card",
    "slip": "Appointment slip",
    "visa": "Passport with visa",
    "lease": "Lease",
    "desk": "Take a number",
    "print": "Fingerprint and photo",
    "source": "Notice 7",
    "duration": "ten minutes",
    "working_group": "Provincial working group",
    "directorate": "Directorate",
}
PERSIAN = {
    "IR-30": "البرز",
    "IR-23": "تهران",
    "karaj": "کرج",
    "tehran": "تهران",
    "street": "خیابان آزادی، پلاک ۱",
    "office": "دفتر",
    "identity": "احراز هویت",
    "renewal": "تمدید کارت آمایش",
    "revocation": "ابطال مدارک",
    "passport": "آمایش به گذرنامه",
    "card": "کارت آمایش",
    "slip": "برگهٔ نوبت",
    "visa": "گذرنامه با روادید",
    "lease": "اجاره‌نامه",
    "desk": "گرفتن شماره",
    "print": "اثر انگشت و عکس",
    "source": "اطلاعیهٔ ۷",
    "duration": "ده دقیقه",
    "working_group": "کارگروه استانی",
    "directorate": "ادارهٔ کل",
}


def usual_desk(session: WriteSession, *, lang: str) -> None:
    """Make it, with names that suit the language of the transcript."""
    names = ENGLISH if lang == "en" else PERSIAN
    for province in ("IR-30", "IR-23"):
        makers_areas.make_province(session, code=province, name=names[province])
    identity = _service(session, names, code="identity", position=1)
    renewal = _service(session, names, code="renewal", position=2)
    _service(session, names, code="revocation", position=3, is_bookable=False, is_irreversible=True)
    make_fee(session, service=identity, source=names["source"])
    _papers(session, names, identity)
    for place, (step, agency) in enumerate((("desk", None), ("print", "directorate")), start=1):
        by = agency and _text(names, agency)
        session.add(ServiceStep(service_id=identity.id, position=place, title=_text(names, step), agency=by))
    offered = [identity, renewal]
    karaj = _queue(
        session, names, code="72-1102", province="IR-30", city="karaj", point=(35.83, 50.99), offered=offered
    )
    other = _queue(
        session, names, code="72-1103", province="IR-30", city="karaj", point=(35.85, 50.95), offered=offered
    )
    tehran = _queue(
        session, names, code="21-2201", province="IR-23", city="tehran", point=(35.7, 51.4), offered=offered
    )
    for queue, day, times in (
        (karaj, 7, ("9:30", "10:00", "11:00")),
        (karaj, 8, ("9:00",)),
        (other, 9, ("8:30", "12:00")),
        (tehran, 3, ("10:00",)),
    ):
        for time in times:
            hour, minute = map(int, time.split(":"))
            starts_at = makers.at(makers.TODAY + timedelta(days=day), hour=hour, minute=minute)
            makers.make_slot(session, queue=queue, starts_at=starts_at, capacity=1)


def many_offices_and_days(session: WriteSession, *, lang: str) -> None:
    """Add to the usual desk eight offices in Karaj, and fourteen days with a free time at the last of them."""
    names = ENGLISH if lang == "en" else PERSIAN
    offered = [session.scalars(select(Service).where(Service.code == code)).one() for code in ("identity", "renewal")]
    queues = [
        _queue(session, names, code=f"72-200{number}", province="IR-30", city="karaj", point=None, offered=offered)
        for number in range(1, 9)
    ]
    for day in range(4, 18):
        starts_at = makers.at(makers.TODAY + timedelta(days=day), hour=9)
        makers.make_slot(session, queue=queues[-1], starts_at=starts_at, capacity=1)


FURTHER = (
    ("IR-28", "خراسان رضوی", "Khorasan Razavi", "51-3301"),
    ("IR-10", "اصفهان", "Isfahan", "31-4401"),
    ("IR-07", "فارس", "Fars", "73-5501"),
    ("IR-15", "کرمان", "Kerman", "34-6601"),
    ("IR-25", "یزد", "Yazd", "35-7701"),
)
"""Provinces beyond the usual two, with the number of the one office there: more than one screen can hold."""


def seven_provinces(session: WriteSession, *, lang: str) -> None:
    """Add to the usual desk an office in each further province, with one free time each."""
    names = ENGLISH if lang == "en" else PERSIAN
    offered = [session.scalars(select(Service).where(Service.code == code)).one() for code in ("identity", "renewal")]
    for days, (province, persian, english, code) in enumerate(FURTHER, start=4):
        name = english if lang == "en" else persian
        makers_areas.make_province(session, code=province, name=name)
        queue = _queue(
            session, names | {"city": name}, code=code, province=province, city="city", point=None, offered=offered
        )
        starts_at = makers.at(makers.TODAY + timedelta(days=days), hour=9, minute=0)
        makers.make_slot(session, queue=queue, starts_at=starts_at, capacity=1)


def _service(
    session: WriteSession,
    names: dict[str, str],
    *,
    code: str,
    position: int,
    is_bookable: bool = True,
    is_irreversible: bool = False,
) -> Service:
    service = makers.make_service(
        session,
        code=code,
        title=names[code],
        keywords=names[code],
        is_bookable=is_bookable,
        is_irreversible=is_irreversible,
        channel=ServiceChannel.PISHKHAN if is_bookable else ServiceChannel.DIRECTORATE,
        state=RecordState.CONFIRMED,
    )
    service.position = position
    service.keywords = fold(f"{names[code]} {code}")
    if code == "identity":
        service.who_must_come = Audience.EVERYONE
        service.duration = _text(names, "duration")
        service.taken_at_counter = _text(names, "print")
        service.source = _text(names, "source")
        service.source_date = date(2026, 3, 21)
    session.flush()
    return service


def _papers(session: WriteSession, names: dict[str, str], service: Service) -> None:
    wanted = (
        ("slip", None, False),
        ("card", DocumentKind.AMAYESH, False),
        ("visa", DocumentKind.PASSPORT, False),
        ("lease", None, True),
    )
    for place, (title, kind, is_optional) in enumerate(wanted):
        session.add(
            ServicePaper(
                service_id=service.id,
                document_kind=kind,
                position=place,
                title=_text(names, title),
                is_optional=is_optional,
            )
        )
    session.flush()


def _queue(
    session: WriteSession,
    names: dict[str, str],
    *,
    code: str,
    province: str,
    city: str,
    point: tuple[float, float] | None,
    offered: list[Service],
) -> Queue:
    office = makers.make_office(
        session,
        code=code,
        province_code=province,
        city=names[city],
        name=f"{names['office']} {code}",
        address=names["street"],
        point=point,
    )
    return makers.make_queue(session, office=office, services=offered)


def _text(names: dict[str, str], key: str) -> Localised:
    return Localised({"fa": names[key]})
