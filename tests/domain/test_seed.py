"""The starting data: complete where the sources speak, silent where they don't, and never over what staff wrote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.flows.catalogue import service_card
from desk.acting import SYSTEM
from desk.appointments.models import Appointment
from desk.capacity.actions import materialise, roll_window
from desk.capacity.models import Holiday, OpeningRule, Queue, QueueService, Slot
from desk.capacity.offering import offering
from desk.capacity.queries import first_free
from desk.cases.models import Case
from desk.catalogue.actions import save_steps
from desk.catalogue.fees import confirm_fee
from desk.catalogue.models import Service, ServiceFee
from desk.catalogue.queries import card_by_code, search, services
from desk.catalogue.rows import ServiceCard, StepInput
from desk.catalogue.rules import RecordState
from desk.consequences.models import Change, ChangedAppointment
from desk.consequences.rules import ChangeKind, Progress
from desk.conversations.rules import LimitKind
from desk.draws.freezing import those_who_take_part
from desk.draws.models import Draw
from desk.draws.queries import draw_of
from desk.draws.rules import DrawState
from desk.draws.seeds import LEAST_WORD, bytes_of_word, commitment
from desk.language.language import Language
from desk.language.text import Locale, Localised
from desk.offices.models import Office, Province
from desk.offices.queries import active_offices
from desk.organisation import EVERYWHERE
from desk.outbox.models import OutboxMessage
from desk.reading.folding import strip_bidi
from desk.schema import metadata
from desk.seed import demo_draw, load, revocation
from desk.seed.days_off import days_off, keep_filled
from desk.seed.demo import MEMBERS, OFFICES
from desk.seed.services import SERVICES
from desk.signs import queries as signs
from desk.signs.actions import examine
from desk.signs.models import ChatWithSigns
from desk.signs.rules import Judgement, Strength
from desk.staff.models import StaffMember
from desk.storage.base import WriteSession
from desk.values import Money
from desk.verify import verify
from tests import makers, makers_hours
from tests.keys import KEYS
from tests.makers import NOW, TODAY, acting
from tests.sqlite_file import open_sqlite

PASSWORD = "Sabz-o-rovan-1405"


@pytest.fixture(scope="module")
def demo() -> Iterator[WriteSession]:
    """A desk with the demo on it; tests of this module only look."""
    engine = open_sqlite("sqlite://")
    metadata().create_all(engine)
    with WriteSession(engine, info={"keys": KEYS}, expire_on_commit=False) as session:
        load(session, today=TODAY, now=NOW, demo=True, demo_password=PASSWORD)
        session.flush()
        yield session
    engine.dispose()


def _card(session: WriteSession, code: str) -> ServiceCard:
    found = card_by_code(session, code=code, today=TODAY)
    assert found is not None
    return found


def _everything(session: WriteSession) -> dict[str, list[Any]]:
    return {
        table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
        for table in metadata().sorted_tables
    }


def test_without_the_demo_no_fee_is_claimed_and_there_is_nobody(session: WriteSession) -> None:
    seeded = load(session, today=TODAY, now=NOW)
    assert (seeded.provinces, seeded.services, seeded.offices, seeded.members) == (31, len(SERVICES), 0, ())
    assert all(_card(session, row.code).fee is None for row in services(session))
    fee = session.scalars(select(ServiceFee)).one()
    assert (fee.amount_rial, fee.source_date, fee.confirmed_on) == (270_000, None, None)
    assert session.scalar(select(func.count()).select_from(StaffMember)) == 0
    assert verify(session) == []


def test_a_second_run_changes_nothing_at_all(session: WriteSession) -> None:
    load(session, today=TODAY, now=NOW, demo=True, demo_password=PASSWORD)
    before = _everything(session)
    seeded = load(session, today=TODAY, now=NOW + timedelta(hours=1), demo=True, demo_password=PASSWORD)
    assert (seeded.provinces, seeded.services, seeded.holidays, seeded.offices) == (0, 0, 0, 0)
    assert (seeded.slots, seeded.members) == (0, ())
    assert _everything(session) == before


def test_what_staff_changed_stays_as_they_left_it(session: WriteSession) -> None:
    load(session, today=TODAY, now=NOW)
    fee = session.scalars(select(ServiceFee)).one()
    confirm_fee(session, fee_id=fee.id, confirmed_on=TODAY - timedelta(days=3), actor=acting(1), now=NOW)
    service = session.scalars(select(Service).where(Service.code == "work-card")).one()
    service.title, service.is_published = Localised({"fa": "نام دیگر"}), False
    session.flush()
    load(session, today=TODAY, now=NOW, demo=True, demo_password=PASSWORD)
    session.refresh(fee)
    session.refresh(service)
    assert fee.confirmed_on == TODAY - timedelta(days=3)
    assert (service.title.to_mapping(), service.is_published) == ({"fa": "نام دیگر"}, False)


def test_the_demo_wants_a_password_for_its_accounts(session: WriteSession) -> None:
    with pytest.raises(ValueError, match="password"):
        load(session, today=TODAY, now=NOW, demo=True)


def test_the_demo_shows_the_fee_with_its_source_and_the_day_it_was_confirmed(demo: WriteSession) -> None:
    card = _card(demo, "identity-verification")
    assert card.fee is not None
    assert card.fee.amount == Money.from_toman(27_000)
    assert card.fee.source_date is not None
    assert card.fee.confirmed_on is not None
    assert card.fee.source_date < card.fee.confirmed_on < TODAY
    assert card.fee.source.to_mapping()["fa"] == "اطلاعیهٔ شمارهٔ ۴ کانون (تاریخ نمونه)"
    assert card.state is RecordState.CONFIRMED
    assert card.taken_at_counter
    assert (card.duration, card.objection) == (None, None)
    assert len(card.papers) == 3
    assert all("(نمونه)" in paper.title.to_mapping()["fa"] for paper in card.papers)


def test_no_page_of_the_demo_is_empty_at_first_sight(demo: WriteSession) -> None:
    appointments = demo.execute(select(Appointment.day, Appointment.state)).all()
    assert len(appointments) == 84, "forty, those of the chats with signs, and today's at the first office"
    assert sum(day < TODAY for day, _ in appointments) == 6
    assert {state.value for day, state in appointments if day < TODAY} == {"served", "absent", "booked"}
    assert sum(day == TODAY for day, _ in appointments) > 3
    assert len({day for day, _ in appointments if day > TODAY}) > 3
    cases = demo.execute(select(Case.state, Case.kind, Case.handler_office_id)).all()
    assert len(cases) == 15
    assert {state.value for state, _, _ in cases} == {"received", "in_review", "answered", "closed"}
    assert {kind.value for _, kind, _ in cases} == {"complaint", "question"}
    assert any(office for _, _, office in cases)
    assert demo.scalars(select(OutboxMessage.state).where(OutboxMessage.is_open)).all() == []
    assert verify(demo) == []


def test_a_household_of_the_demo_takes_one_place_for_a_service(demo: WriteSession) -> None:
    served = demo.scalars(select(Service.code).where(Service.is_per_household)).all()
    assert served == ["amayesh-renewal"]
    assert offering(_card(demo, "amayesh-renewal").id)


def test_the_demo_has_a_draw_in_which_people_take_part(demo: WriteSession) -> None:
    [draw] = demo.scalars(select(Draw)).all()
    assert draw.state is DrawState.OPEN
    assert draw.prepared_by != draw.word_by
    row = draw_of(demo, draw_id=draw.id)
    assert row is not None
    taking_part = [each for some in those_who_take_part(demo, row, now=NOW) for each in some]
    assert len(taking_part) == demo_draw.PEOPLE
    assert len({each["lots"] for each in taking_part}) > 1
    places = demo.scalar(
        select(func.sum(Slot.remaining))
        .join(Queue, Queue.id == Slot.queue_id)
        .join(QueueService, QueueService.queue_id == Queue.id)
        .where(QueueService.service_id == draw.service_id, Slot.day == draw.first_day)
    )
    assert places, "its day has places"
    assert commitment(bytes_of_word(demo_draw.WORD)) == draw.word_hash
    assert len(demo_draw.WORD) >= LEAST_WORD


def test_the_demo_has_chats_with_signs_that_were_found_as_everybodys_are(demo: WriteSession) -> None:
    """A newcomer sees a filled page: one that collects, a helper, and a family that somebody has looked at."""
    new = signs.listed(demo, scope=EVERYWHERE, are_new=True, limit=25, skip=0)
    looked = signs.listed(demo, scope=EVERYWHERE, are_new=False, limit=25, skip=0)

    assert [len(chat.signs) >= 2 for chat in (*new.rows, *looked.rows)] == [True] * 3
    assert new.rows[0].strength is Strength.STRONG
    [family] = looked.rows
    assert (family.judgement, family.looked_by) == (Judgement.FAMILY, "محمد یاوری")
    assert signs.limits_set(demo, chat_id=family.id, now=NOW).keys() == {LimitKind.APPOINTMENTS}
    for chat in (*new.rows, family):
        assert signs.appointments_of_chat(demo, chat_id=chat.id, scope=EVERYWHERE, limit=5)
    before = {chat.id: chat.signs for chat in new.rows}
    for conversation in demo.scalars(select(ChatWithSigns.conversation_id)).all():
        examine(demo, id=conversation, now=NOW)  # the job finds the same
    assert {chat.id: chat.signs for chat in signs.listed(demo, scope=EVERYWHERE, are_new=True, limit=25).rows} == before
    assert signs.listed(demo, scope=EVERYWHERE, are_new=False, limit=25).total == 1


@pytest.mark.parametrize(("locale", "said"), [(Locale.FA, "اعلام نشده است"), (Locale.FA_AF, "اعلان نشده است")])
def test_the_pages_of_revocation_end_with_where_to_object(demo: WriteSession, locale: Locale, said: str) -> None:
    card, language = _card(demo, "revocation"), Language.load()
    for told in (service_card.steps(card), service_card.details(card)):
        assert told is not None
        shown = strip_bidi(language.plain(told, locale))
        *_before, where, letter = shown.splitlines()
        assert where == f"کجا اعتراض کنید: {said}"
        assert letter.endswith("نامه را نگه دارید.")


@pytest.mark.requirement("004-01", "M")
@pytest.mark.requirement("004-02", "M")
def test_the_card_of_revocation_is_whole_and_for_information_only(demo: WriteSession) -> None:
    card = _card(demo, "revocation")
    assert not card.is_bookable
    assert card.is_irreversible
    assert (card.papers, card.fee, card.objection, card.confirmed_on) == ((), None, None, None)
    assert [step.is_inquiry for step in card.steps] == [False, False, True, False, False, False, False]
    assert card.steps[6].agency is None
    form = card.official_form
    assert form["type"] == {"g2c": True, "g2b": False, "g2g": True}
    assert [name for name, ticked in form["level"].items() if ticked] == ["provincial"]
    assert not any(form["life_event"].values())
    assert len(form["life_event"]) == 14
    assert [name for name, ticked in form["ways_of_request"].items() if ticked] == ["post"]
    assert not any(form["ways_of_delivery"].values())
    assert form["visit_level"] == {"national": False, "provincial": False, "county": False}
    assert [link["agency"]["fa"] for link in form["links_to_other_agencies"]] == ["اداره اطلاعات", "انتظامی"]
    assert "(اطلاعات، انتظامی)" in form["required_documents"][1]["fa"]
    assert card.description is not None
    for told in ("خروج غیرقانونی", "طرد", "دبیرخانهٔ کمیسیون ساماندهی", "نجوا", "فرم ابطال کارت"):
        assert told in card.description.to_mapping()["fa"]
    assert form["statistics"] == {"recipients": 20, "period": "year"}
    blank = ("service_id", "visits_in_person", "web_address", "system_name", "links_to_own_systems")
    assert {form[name] for name in blank} == {None}
    assert form["fees"] == [{"amount": None, "account": None, "electronic_payment": None}] * 3
    assert len(form["links_to_other_agencies"]) == 2
    contracts = ("outsourcing_contract_request", "outsourcing_contract_delivery")
    assert [form[name] for name in contracts] == [None, None]
    assert form["reasons_for_visiting_request"].keys() == form["reasons_for_visiting_delivery"].keys()
    assert form["medium"] == {"mobile_app": False, "post": False, "sms": False}


def _held_less(session: WriteSession) -> Service:
    """The record as it was seeded when it held less, by the marks that stand for its values."""
    load(session, today=TODAY, now=NOW)
    service = session.scalars(select(Service).where(Service.code == "revocation")).one()
    service.description, service.official_form = Localised({"fa": "کمتر"}), {"title": {"fa": "کمتر"}}
    save_steps(session, service_id=service.id, steps=[StepInput(Localised({"fa": "گام"}))], actor=SYSTEM, now=NOW)
    return service


def test_a_record_that_held_less_is_filled_and_what_staff_wrote_stays(
    session: WriteSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = _held_less(session)
    load(session, today=TODAY, now=NOW)
    assert _card(session, "revocation").description == Localised({"fa": "کمتر"})
    former = {
        "description": revocation.mark_of({"fa": "کمتر"}),
        "official_form": "changed by staff",
        "steps": revocation.mark_of([[{"fa": "گام"}, None, False]]),
    }
    monkeypatch.setattr(revocation, "FORMER", former)
    load(session, today=TODAY, now=NOW)
    card = _card(session, "revocation")
    assert card.description == revocation.REVOCATION.description
    assert card.official_form == {"title": {"fa": "کمتر"}}
    assert [step.title for step in card.steps] == [step.title for step in revocation.STEPS]
    assert service.is_published


def test_what_cannot_be_undone_is_never_bookable(demo: WriteSession) -> None:
    irreversible = {row.code for row in services(demo) if row.is_irreversible}
    assert irreversible == {"revocation", "exit-slip", "status-change"}
    assert not any(row.is_bookable for row in services(demo) if row.is_irreversible)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("کارت آمایش تمدید", "amayesh-renewal"),
        ("میخوام کارتمو تمدید کنم آمایش", "amayesh-renewal"),
        ("پاسپورت", "family-passport"),
        ("گذرنامه", "family-passport"),
        ("ویزه", "visa-residence-renewal"),
        ("ويزا", "visa-residence-renewal"),
        ("تثبیت هویت", "identity-verification"),
        ("نشان انگشت", "identity-verification"),
        ("کارت کار", "work-card"),
        ("اجازه سفر", "travel-slip"),
        ("مکتب اولادها", "study-support"),
        ("نکاح‌خط", "marriage-household"),
        ("لایسنس", "driving-licence"),
        ("کد یکتا", "unique-code"),
        ("تولد طفل", "birth-registration"),
    ],
)
def test_people_find_a_service_by_their_own_words(demo: WriteSession, typed: str, code: str) -> None:
    assert [row.code for row in search(demo, words=typed)][:1] == [code] or code in [
        row.code for row in search(demo, words=typed)
    ][:2]


def test_every_bookable_service_of_the_demo_has_free_times(demo: WriteSession) -> None:
    offered = [row for row in services(demo, bookable_only=True) if active_offices(demo, only=offering(row.id))]
    assert {row.code for row in offered} == {row.code for row in services(demo, bookable_only=True)}
    for row in offered:
        ids = [office.id for office in active_offices(demo, only=offering(row.id))]
        assert first_free(demo, service_id=row.id, office_ids=ids, after=NOW)


def test_the_demo_is_six_offices_in_three_provinces_with_their_staff(demo: WriteSession) -> None:
    found = demo.execute(select(Office.code, Office.phone, Office.latitude, Office.longitude)).all()
    assert {(code, latitude, longitude) for code, _, latitude, longitude in found} == {
        (office.code, office.point.latitude, office.point.longitude) for office in OFFICES
    }
    assert set(demo.scalars(select(Office.province_code))) == {"IR-30", "IR-23", "IR-09"}
    assert all(phone is None for _, phone, *_ in found)
    assert set(demo.scalars(select(StaffMember.username))) == {member.username for member in MEMBERS}
    assert {"admin", "alborz", "manager1102", "desk1102", "clerk1102", "marshal1102"} <= {m.username for m in MEMBERS}
    assert demo.scalar(select(func.count()).select_from(OpeningRule).where(OpeningRule.weekday == 6)) == 0
    last = demo.scalar(select(func.max(Slot.day)))
    assert last is not None
    assert TODAY + timedelta(days=57) <= last <= TODAY + timedelta(days=59)


def test_provinces_and_holidays_are_rows_with_persian_names(demo: WriteSession) -> None:
    provinces = dict(demo.execute(select(Province.code, Province.phone_prefix)).all())
    assert len(provinces) == len(set(provinces.values())) == 31
    assert provinces["IR-30"] == "026"
    days = {row.day: row for row in demo.scalars(select(Holiday))}
    assert {day.year for day in days} == {TODAY.year, TODAY.year + 1, TODAY.year + 2}
    newroz = days[TODAY.replace(year=2027, month=3, day=21)]
    assert (newroz.name.to_mapping(), newroz.is_confirmed) == ({"fa": "جشن نوروز"}, True)
    fitr = days[TODAY.replace(year=2027, month=3, day=10)]
    assert not fitr.is_confirmed
    for row in days.values():
        name = row.name.to_mapping()["fa"]
        assert "تخمینی" not in name
        assert not any(sign.isascii() and sign.isalnum() for sign in name)


def test_times_that_were_made_before_the_holidays_were_entered_close_with_them(session: WriteSession) -> None:
    queue = makers.make_queue(session)
    for weekday in range(7):
        makers_hours.make_rule(session, queue=queue, weekday=weekday)
    roll_window(session, queue_id=queue.id, today=TODAY, now=NOW)
    its_days = select(Slot.day).where(Slot.queue_id == queue.id, Slot.is_open)
    before = set(session.scalars(its_days))

    load(session, today=TODAY, now=NOW)

    holidays = set(session.scalars(select(Holiday.day).where(Holiday.is_closed)))
    assert before & holidays
    assert set(session.scalars(its_days)) == before - holidays


def test_the_whole_demo_keeps_every_promise(demo: WriteSession) -> None:
    assert verify(demo) == []


def test_whoever_has_an_appointment_on_a_holiday_that_is_filled_in_stands_on_the_list_of_the_office(
    session: WriteSession,
) -> None:
    """The slots were made, and a place taken, before anybody knew of the day."""
    day = next(each.day for each in days_off(TODAY.year) if TODAY < each.day < TODAY + timedelta(days=60))
    service = makers.make_service(session)
    queue = makers.make_queue(session, office=makers.make_office(session), services=[service])
    makers_hours.make_rule(session, queue=queue, weekday=(day.weekday() + 2) % 7)
    materialise(session, queue_id=queue.id, days=[day], now=NOW)
    slot = session.scalars(select(Slot).where(Slot.queue_id == queue.id).order_by(Slot.starts_at)).first()
    assert slot is not None
    appointment = makers.make_appointment(session, slot=slot, service=service)

    keep_filled(session, today=TODAY, now=NOW)

    found = session.execute(
        select(ChangedAppointment.appointment_id, ChangedAppointment.step, Change.kind).join(
            Change, Change.id == ChangedAppointment.change_id
        )
    ).all()
    assert [tuple(row) for row in found] == [(appointment.id, Progress.OPEN, ChangeKind.FOUND)]


def test_what_did_not_arrive_in_the_demo_says_why_in_words(demo: WriteSession) -> None:
    dead = demo.scalars(select(OutboxMessage.reason).where(OutboxMessage.state == "dead")).all()
    # As the answers of the messengers are kept, so that the pages have words for it.
    assert set(dead) == {"400 chat not found"}
