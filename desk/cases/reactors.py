"""Reactors of cases: after a change of an account or an office, cases are unassigned from holders who no longer
reach them, and found by their words where their office now stands."""

from __future__ import annotations

from desk.cases.found_by import index_anew_at_office
from desk.cases.leaving import give_back_of_member, give_back_of_office
from desk.parts import Happened, Reactors
from desk.storage.base import WriteSession


def _account_changed(session: WriteSession, happened: Happened) -> None:
    give_back_of_member(session, member_id=happened.id, actor=happened.actor, now=happened.now)


def _office_changed(session: WriteSession, happened: Happened) -> None:
    if "province_code" in happened.new:
        index_anew_at_office(session, office_id=happened.id)
    give_back_of_office(session, office_id=happened.id, actor=happened.actor, now=happened.now)


REACTORS: Reactors = {
    "staff.update": _account_changed,
    "staff.deactivate": _account_changed,
    "office.update": _office_changed,
}
