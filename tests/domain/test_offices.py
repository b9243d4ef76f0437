"""Offices: the search people type into, the nearest ones, and one code for one office."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from desk.capacity.offering import offering
from desk.events.queries import of
from desk.language.text import Localised
from desk.offices.actions import save_office
from desk.offices.models import Office
from desk.offices.queries import active_offices, all_offices, nearest, office, office_by_code, provinces, search
from desk.offices.refusals import OfficeCodeTaken
from desk.offices.rules import OfficeKind, search_tokens, search_words
from desk.organisation import EVERYWHERE, NOWHERE, Scope, province
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.values import GeoPoint
from tests.makers import NOW, acting, make_office, make_queue, make_service
from tests.makers_areas import make_province


def _save(
    session: WriteSession,
    *,
    code: str = "72-5001",
    office_id: int | None = None,
    city: str = "قم",
    point: GeoPoint | None = None,
) -> int:
    make_province(session)
    return save_office(
        session,
        office_id=office_id,
        code=code,
        kind=OfficeKind.PISHKHAN,
        province_code="IR-30",
        city=Localised({"fa": city}),
        name=Localised({"fa": "دفتر لاله"}),
        point=point,
        actor=acting(3),
        now=NOW,
    )


@pytest.mark.requirement("001-01", "M")
def test_a_saved_office_is_found_as_entered_and_what_is_unknown_stays_unknown(session: WriteSession) -> None:
    office_id = _save(session)
    row = office(session, office_id=office_id)
    assert row is not None
    assert (row.code, row.city, row.zone) == ("72-5001", Localised({"fa": "قم"}), "Asia/Tehran")
    assert (row.address, row.point, row.phone) == (None, None, None)
    assert office_by_code(session, code="72-5001") == row
    assert [entry.kind for entry in of(session, subject=f"office:{office_id}")] == ["office.create"]


def test_an_office_stands_on_the_map_where_it_was_put(session: WriteSession) -> None:
    point = GeoPoint(35.8327416, 50.9915083)
    office_id = _save(session, point=point)
    columns = select(Office.latitude, Office.longitude).where(Office.id == office_id)
    assert session.execute(columns).one() == (35.8327416, 50.9915083)
    row = office(session, office_id=office_id)
    assert row is not None
    assert row.point == point
    assert nearest(session, point=point)[0][1] == 0
    _save(session, office_id=office_id)
    assert session.execute(columns).one() == (None, None)


def test_two_offices_never_share_a_code(session: WriteSession) -> None:
    first = _save(session)
    with pytest.raises(OfficeCodeTaken) as refusal:
        _save(session, code="72-5001")
    assert refusal.value.office_id == first
    assert _save(session, office_id=first, city="کاشان") == first


@pytest.mark.parametrize(
    "typed",
    [
        "72-5001", "۷۲-۵۰۰۱", "72‑5001", "٧٢–٥٠٠١", "۷۲۵۰۰۱", "كرج", "لاله", "خیابان یاس كرج", "یاس",
        "ازادی", "شاه عبدالعظیم", "شاه\u200cعبدالعظیم", "شاهعبدالعظيم", "ONE STOP",
    ],
)  # fmt: skip
def test_an_office_is_found_by_code_city_name_or_street(session: WriteSession, typed: str) -> None:
    make_office(session, code="72-9999", city="مشهد", name="دفتر سرو", address="خیابان دیگر")
    wanted = make_office(
        session,
        code="72-5001",
        city="کرج",
        name="دفتر لاله",
        address="میدان آزادی، خیابان یاس، کوی شاه\u200cعبدالعظیم، One Stop، پلاک ۳",
    )
    assert [row.id for row in search(session, words=typed)] == [wanted.id]


@pytest.mark.parametrize("typed", ["", "  ", "٪", "%", "_", "تبریز"])
def test_a_search_for_nothing_known_finds_nothing(session: WriteSession, typed: str) -> None:
    make_office(session)
    assert search(session, words=typed) == []


def test_an_exact_code_stands_before_a_longer_one(session: WriteSession) -> None:
    make_office(session, code="72-110")
    longer = make_office(session, code="72-1100")
    short = make_office(session, code="2-1100")
    assert [row.id for row in search(session, words="2-1100")] == [short.id, longer.id]


def test_offices_out_of_use_are_not_offered_but_staff_see_them(session: WriteSession) -> None:
    closed = make_office(session, code="72-4", is_active=False)
    assert search(session, words="72-4") == []
    assert active_offices(session, province_code="IR-30") == []
    assert nearest(session, point=GeoPoint(35.8, 51.0)) == []
    assert [row.id for row in all_offices(session, scope=EVERYWHERE)] == [closed.id]


def test_the_nearest_offices_come_with_their_distance(session: WriteSession) -> None:
    far = make_office(session, city="مشهد", province_code="IR-09", point=(36.30, 59.60))
    near = make_office(session, point=(35.84, 50.99))
    make_office(session, point=None)
    found = nearest(session, point=GeoPoint(35.83, 50.99))
    assert [row.id for row, _ in found] == [near.id, far.id]
    assert found[0][1] == pytest.approx(1.11, abs=0.02)


@pytest.mark.requirement("000-02", "S")
def test_only_offices_with_an_active_queue_offer_a_service(session: WriteSession) -> None:
    service = make_service(session)
    there = make_office(session)
    make_queue(session, office=there, services=[service])
    idle = make_office(session)
    make_queue(session, office=idle, services=[service], is_active=False)
    make_office(session)
    point, only = GeoPoint(35.83, 50.99), offering(service.id)
    assert [row.id for row, _ in nearest(session, point=point, only=only)] == [there.id]
    assert [row.id for row in active_offices(session, province_code="IR-30", only=only)] == [there.id]
    assert [row.id for row in search(session, words="کرج", only=only)] == [there.id]


def test_provinces_come_by_number_of_offices_then_by_the_persian_alphabet(session: WriteSession) -> None:
    for code, name in (("IR-25", "قم"), ("IR-10", "اصفهان"), ("IR-05", "کرمانشاه")):
        make_province(session, code=code, name=name)
    make_office(session, province_code="IR-25")
    assert [row.code for row in provinces(session)] == ["IR-25", "IR-10", "IR-05"]
    assert [(row.code, row.offices) for row in provinces(session, with_offices=True)] == [("IR-25", 1)]


def test_staff_see_the_offices_within_their_reach_and_no_other(session: WriteSession) -> None:
    here = make_office(session)
    there = make_office(session, province_code="IR-23")
    make_office(session, province_code="IR-09")
    reach = Scope.of(province("IR-30"), there.node)
    assert {row.id for row in all_offices(session, scope=reach)} == {here.id, there.id}
    assert all_offices(session, scope=NOWHERE) == []


def test_search_words_hold_the_code_with_and_without_its_dash() -> None:
    assert search_words("72-11", Localised({"fa": "كرج كرج", "fa_AF": "کرج"})) == "72-11 7211 کرج"
    assert search_tokens("«كرج»، خیابان ۷۲-۱۱!") == ["کرج", "خیابان", "72-11"]


async def test_an_exact_code_stands_first_however_many_there_are(storage: Storage) -> None:
    def fill(session: WriteSession) -> None:
        for number in range(40):
            make_office(session, code=f"10-{number:03}", name="دفتر 99-5001 قدیم")
        make_office(session, code="99-5001", name="دفتر یاس")

    await storage.write(fill)
    for typed in ("99-5001", "۹۹۵۰۰۱", "99‑5001"):
        found = await storage.read(search, words=typed)
        assert found[0].code == "99-5001"
