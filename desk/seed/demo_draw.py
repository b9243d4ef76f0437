"""A draw of the demonstration: the places of one service in one province, announced, with invented people who wait."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from desk.acting import Actor
from desk.calendar import TEHRAN, instant_of, weekday_of
from desk.catalogue.models import Service
from desk.conversations.actions import add_conversation
from desk.draws import actions
from desk.draws.models import Draw
from desk.draws.rows import DrawPlan, DrawRules
from desk.draws.seeds import bytes_of_word, commitment
from desk.identity import IN_USE
from desk.people.models import Person
from desk.people.stored import stored_last4
from desk.seed.demo_life import DEMO_BOT, NOBODYS_KEY, staff_of
from desk.storage.base import WriteSession
from desk.storage.encryption import random_id
from desk.values import LocalDay
from desk.waiting.asking import ask
from desk.waiting.rows import StandingWish
from desk.waiting.rules import DayPart

SERVICE, PROVINCE = "family-passport", "IR-23"
PREPARES, COMMITS = "admin", "tehran"
WORD: Final = "هفده حواصیل آبی"
"""Who shows the demonstration reveals this word; in earnest nobody but its holder knows it."""
AHEAD = timedelta(days=14)
"""So far ahead the day of its places lies at least, so that the days which people try first stay open."""
PEOPLE = 6
FIRST_NUMBER = 2000
"""The numbers of these invented people, behind those of the others."""
REASON = "وقت‌های این خدمت در چند دقیقه تمام می‌شود"
FIGURE = "شاخص کل بورس تهران در پایان همان روز"


def open_draw(session: WriteSession, *, today: date, now: datetime) -> int | None:
    """Announce the draw, let the service be drawn from its day on, and let people wait; its id, None = it is there."""
    prepares, commits = (staff_of(session, username, now=now) for username in (PREPARES, COMMITS))
    service_id = session.scalar(select(Service.id).where(Service.code == SERVICE))
    is_there = session.scalar(select(Draw.id).limit(1)) is not None
    if prepares is None or commits is None or service_id is None or is_there:
        return None
    day = _saturday(today + AHEAD)
    rules = DrawRules()
    plan = DrawPlan(
        service_id=service_id,
        province_code=PROVINCE,
        first_day=day,
        last_day=day,
        closes_at=instant_of(LocalDay(day - timedelta(days=rules.days_ahead)), minutes=12 * 60, zone=TEHRAN),
        figure_name=FIGURE,
        figure_digits=7,
    )
    draw_id = actions.prepare(session, plan=plan, rules=rules, actor=prepares, now=now)
    word_hash = commitment(bytes_of_word(WORD))
    actions.commit_word(session, draw_id=draw_id, word_hash=word_hash, actor=commits, now=now)
    actions.announce(session, draw_id=draw_id, actor=prepares, now=now)
    actions.set_rules(
        session,
        service_id=service_id,
        province_code=PROVINCE,
        rules=rules,
        is_drawn=True,
        reason=REASON,
        evidence={},
        actor=prepares,
        now=now,
    )
    for number in range(PEOPLE):
        _waits(session, FIRST_NUMBER + number, service_id=service_id, day=day, now=now - timedelta(days=3 * number))
    return draw_id


def _saturday(day: date) -> date:
    return day + timedelta(days=-weekday_of(day) % 7)


def _waits(session: WriteSession, number: int, *, service_id: int, day: date, now: datetime) -> None:
    """An invented person who waits in the whole province since `now`, on the day of the draw."""
    conversation_id = add_conversation(
        session, channel="telegram", bot=DEMO_BOT, chat=f"demo-{number}", locale="fa", consented_at=now, now=now
    ).id
    id = random_id()
    mark = hashlib.sha256(b"demo person %d" % number).hexdigest()[:52]
    session.add(
        Person(
            id=id,
            identity_hash=f"{IN_USE.now.name}.{NOBODYS_KEY}.{mark}",
            last4_sealed=stored_last4(session.keys, f"{(number * 7919) % 10_000:04d}", id=id),
            created_at=now,
        )
    )
    session.flush()
    wish = StandingWish(
        weekdays=frozenset(range(7)), parts=frozenset(DayPart), from_day=day, until_day=day, province_codes=(PROVINCE,)
    )
    ask(
        session,
        idem_key=f"demo-draw:{number}",
        actor=Actor.chat(conversation_id),
        service_id=service_id,
        person_ids=[id],
        wish=wish,
        now=now,
    )
