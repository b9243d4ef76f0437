"""A list that is longer than its page goes on behind it: nobody to be phoned and nothing that failed is cut off."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from backoffice.consequences import changes
from backoffice.outbox import undelivered
from desk.appointments.models import Appointment
from desk.consequences.models import Change, ChangedAppointment
from desk.consequences.queries import CHANGES_SHOWN
from desk.consequences.rules import ChangeKind, Progress, Remedy, Why
from desk.conversations import actions as conversations
from desk.conversations.models import UpdateOutcome
from desk.storage.base import WriteSession
from tests import makers
from tests.backoffice.conftest import Site
from tests.backoffice.test_undelivered import give_up
from tests.makers import NOW, TODAY

NAMES = ("رحیم‌الله نظری", "گل‌بی‌بی احمدی", "نورالله حسینی", "زهرا محمدی", "پروین صادقی")


def _hit(session: WriteSession, site: Site, *, change_id: int, name: str, hour: int) -> None:
    """An appointment of tomorrow that was cancelled and whose person no message reached."""
    queue = makers.make_queue(session, office=None, services=[])
    queue.office_id = site.world.office
    slot = makers.make_slot(session, queue=queue, starts_at=makers.at(TODAY + timedelta(days=1), hour=hour))
    appointment: Appointment = makers.make_appointment(session, slot=slot, person_name=name)
    session.add(
        ChangedAppointment(
            change_id=change_id,
            appointment_id=appointment.id,
            office_id=site.world.office,
            slot_id=slot.id,
            starts_at=appointment.starts_at,
            why=Why.CLOSED,
            remedy=Remedy.CANCEL,
            step=Progress.CANCELLED,
        )
    )
    session.flush()


def _change(session: WriteSession, *, key: str) -> int:
    change = Change(idem_key=key, kind=ChangeKind.DAY, subject="queue:1", detail={"day": TODAY.isoformat()}, at=NOW)
    session.add(change)
    session.flush()
    return change.id


def _next(text: str) -> str:
    """The address of the next page; empty on the last."""
    found = re.search(r'href="([^"]+)" rel="next"', text)
    return found[1].replace("&amp;", "&") if found else ""


def five_not_reached(session: WriteSession, site: Site) -> int:
    change_id = _change(session, key="five")
    for place, name in enumerate(NAMES):
        _hit(session, site, change_id=change_id, name=name, hour=8 + place)
    return change_id


@pytest.mark.parametrize("where", ["/changes", "/changes/{change}"])
async def test_everybody_to_be_phoned_can_be_walked_to(site: Site, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "SHOWN", 2)
    change_id = await site.storage.write(five_not_reached, site)
    manager = await site.signed_in("manager")
    address, seen = where.format(change=change_id), list[str]()
    while address:
        text = (await manager.get(address)).text
        seen += [name for name in NAMES if name in text]
        address = _next(text)
    assert seen == list(NAMES)


async def test_older_changes_of_an_office_stand_behind_the_newest(site: Site) -> None:
    def many(session: WriteSession) -> list[int]:
        made = []
        for number in range(CHANGES_SHOWN + 3):
            made.append(_change(session, key=f"many {number}"))
            _hit(session, site, change_id=made[-1], name=NAMES[0], hour=8)
        return made

    made = await site.storage.write(many)
    manager = await site.signed_in("manager")
    first = (await manager.get("/changes")).text
    older = re.search(r'href="(/changes\?[^"#]*before=\d+)', first)
    assert older
    behind = (await manager.get(older[1].replace("&amp;", "&"))).text
    listed = {int(id) for id in re.findall(r'href="/changes/(\d+)\?', first + behind)}
    assert set(made) <= listed
    assert "before=" not in behind


async def test_every_message_that_was_given_up_can_be_walked_to(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undelivered, "MOST", 2)
    appointment = site.world.appointments[0]

    def fail(session: WriteSession) -> None:
        for number in range(4):
            give_up(session, about=f"appointment:{appointment + number}", notice="ticket", reason="blocked")
        for number in range(5):
            conversations.note_update(
                session,
                channel="bale",
                bot="222",
                update_id=str(number),
                outcome=UpdateOutcome.PARKED,
                reason="odd",
                now=NOW,
            )

    await site.storage.write(fail)
    admin = await site.signed_in("admin")
    text = (await admin.get("/undelivered")).text
    assert "و ۳ تای قدیمی‌تر" in text
    lines, address = 0, "/undelivered"
    while address:
        text = (await admin.get(address)).text
        lines += len(re.findall(r'href="/undelivered/\d+"', text))
        address = _next(text)
    assert lines >= 4
