"""Accounts: passwords, the growing lock, sessions that end, and roles nobody can give beyond their own reach."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from desk.acting import SYSTEM
from desk.events import queries as events
from desk.offices.models import Office
from desk.organisation import EVERYWHERE, NATION, Scope, province
from desk.organisation import office as office_node
from desk.staff import actions, listing, queries, rules
from desk.staff.models import StaffMember, StaffSession
from desk.staff.permissions import Permission, Role
from desk.staff.refusals import (
    LastAdministrator,
    NotYourself,
    TooManyTries,
    UsernameTaken,
    UsernameUnfit,
    WeakPassword,
    WrongCredentials,
)
from desk.staff.rules import RoleInput
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.makers import NOW, TODAY, by_staff, make_office, make_staff
from tests.signing_in import sign_in

PASSWORD = "saffron-41-tea"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ADMINISTRATOR = RoleInput(Role.ADMINISTRATOR, NATION)


def account(
    session: WriteSession,
    *,
    username: str = "maryam",
    roles: tuple[RoleInput, ...] = (ADMINISTRATOR,),
    by: int | None = None,
) -> int:
    return by_staff(actions.create)(
        session, username=username, name="مریم کاظمی", password=PASSWORD, roles=roles, staff_id=by, now=NOW
    )


def signed_in(session: WriteSession, *, username: str = "maryam", now: datetime = NOW) -> actions.SignedIn:
    done = sign_in(session, username=username, password=PASSWORD, now=now)
    assert isinstance(done, actions.SignedIn), done
    return done


def at_office(role: Role, office: Office) -> RoleInput:
    return RoleInput(role, office.node)


def test_each_fifth_wrong_password_locks_for_longer() -> None:
    locks = [rules.lock_after(failed) for failed in range(1, 101)]
    assert locks[4::5] == [minutes * MINUTE for minutes in (1, 2, 4, 8, 16, *([30] * 15))]
    assert {lock for place, lock in enumerate(locks, start=1) if place % 5} == {None}


@pytest.mark.requirement("001-14", "S")
def test_grants_gather_the_reach_of_each_permission() -> None:
    one, two = office_node(1, area="/IR-30/"), office_node(2, area="/IR-23/")
    granted = rules.grants(
        [
            RoleInput(Role.CLERK, one),
            RoleInput(Role.DESK_OFFICER, two),
            RoleInput(Role.PROVINCE_OFFICER, province("IR-30")),
        ],
        day=TODAY,
    )
    assert granted[Permission.APPOINTMENTS_RECORD] == Scope.of(one, two)
    assert granted[Permission.CASES_READ] == Scope.of(province("IR-30"), two)
    assert Permission.CATALOGUE_WRITE not in granted


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "days_in_force"),
    [(None, None, {-1, 0, 1}), (TODAY, None, {0, 1}), (None, TODAY, {-1, 0}), (TODAY, TODAY, {0})],
)
def test_a_role_gives_something_from_its_first_day_to_its_last(
    valid_from: date | None, valid_to: date | None, days_in_force: set[int]
) -> None:
    role = RoleInput(Role.CLERK, NATION, valid_from, valid_to)

    given = {day for day in (-1, 0, 1) if rules.grants([role], day=TODAY + timedelta(days=day))}

    assert given == days_in_force


def test_a_role_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="a role from"):
        RoleInput(Role.CLERK, NATION, valid_from=TODAY, valid_to=TODAY - timedelta(days=1))


def test_the_last_day_of_a_role_ends_at_midnight_in_tehran(session: WriteSession) -> None:
    """In UTC the day would go on for three and a half hours more."""
    account(session, roles=(RoleInput(Role.ADMINISTRATOR, NATION, valid_to=TODAY),))
    before = NOW.replace(hour=20, minute=29)
    done = signed_in(session, now=before)
    assert done.staff.actor.grants
    for now, has_rights in ((before, True), (before + 2 * MINUTE, False)):
        staff = queries.session(session, token=done.token, now=now)
        assert staff is not None
        assert bool(staff.actor.grants) is has_rights


async def test_signing_in_opens_a_session_with_permissions(storage: Storage) -> None:
    member_id = await storage.write(account)
    done = await storage.write(signed_in, username=" Maryam ")
    staff = await storage.read(queries.session, token=done.token, now=NOW + HOUR)
    assert staff is not None
    assert (staff.staff_id, staff.username, staff.must_change_password) == (member_id, "maryam", True)
    assert staff.actor.grants.keys() == set(Permission) - {Permission.APPOINTMENTS_PLAN}  # it shows names
    assert staff.scope(Permission.STAFF_WRITE).is_national
    assert staff.csrf_token not in ("", done.token)
    assert await storage.read(queries.session, token="guess", now=NOW) is None


def test_only_the_hash_of_the_token_is_kept(session: WriteSession) -> None:
    account(session)
    done = signed_in(session)
    assert len(done.token) >= 43
    (kept,) = session.scalars(select(StaffSession.token_hash))
    assert kept == rules.hash_token(done.token) == done.staff.token_hash
    assert done.token not in kept


def test_a_session_without_roles_may_do_nothing(session: WriteSession) -> None:
    account(session, roles=())
    assert signed_in(session).staff.actor.grants == {}


def test_a_session_ends_after_eight_idle_hours_and_twelve_in_all(session: WriteSession) -> None:
    account(session)
    done = signed_in(session)
    token, name = done.token, done.staff.token_hash
    assert queries.session(session, token=token, now=NOW + 8 * HOUR) is None
    assert actions.touch(session, token_hash=name, now=NOW + 7 * HOUR)
    assert queries.session(session, token=token, now=NOW + 12 * HOUR - MINUTE) is not None
    assert queries.session(session, token=token, now=NOW + 12 * HOUR) is None
    assert not actions.touch(session, token_hash=name, now=NOW + 12 * HOUR)
    assert actions.forget_sessions(session, now=NOW + 12 * HOUR, limit=9) == 1


def test_a_session_is_touched_at_most_once_a_minute(session: WriteSession) -> None:
    account(session)
    staff = signed_in(session).staff
    assert not actions.wants_touch(staff, now=NOW + timedelta(seconds=59))
    assert actions.wants_touch(staff, now=NOW + MINUTE)


def test_signing_out_ends_one_session(session: WriteSession) -> None:
    account(session)
    one, other = signed_in(session), signed_in(session)
    actions.sign_out(session, token_hash=one.staff.token_hash, now=NOW)
    assert queries.session(session, token=one.token, now=NOW) is None
    assert queries.session(session, token=other.token, now=NOW) is not None


async def test_wrong_passwords_lock_the_account_for_longer_and_longer(storage: Storage) -> None:
    await storage.write(account)

    async def wrong(now: datetime) -> object:
        return await storage.write(sign_in, username="maryam", password="wrong", now=now)

    for _ in range(5):
        assert await wrong(NOW) == WrongCredentials()
    right = await storage.write(sign_in, username="maryam", password=PASSWORD, now=NOW)
    assert right == TooManyTries(NOW + MINUTE)
    later = NOW + MINUTE
    for _ in range(5):
        assert await wrong(later) == WrongCredentials()
    assert await wrong(later) == TooManyTries(later + 2 * MINUTE)
    await storage.write(signed_in, now=later + 2 * MINUTE)
    for _ in range(5):
        assert await wrong(later + 2 * MINUTE) == WrongCredentials()
    assert await wrong(later + 2 * MINUTE) == TooManyTries(later + 3 * MINUTE)  # the right one had forgotten them all


async def test_one_wrong_password_now_and_then_keeps_nobody_out(storage: Storage) -> None:
    """A stranger who knows the name tries once after each lock, and the owner comes a second later."""
    await storage.write(account)
    for _ in range(5):
        await storage.write(sign_in, username="maryam", password="wrong", now=NOW)
    later = NOW + MINUTE
    for _ in range(4):
        assert await storage.write(sign_in, username="maryam", password="wrong", now=later) == (WrongCredentials())
    await storage.write(signed_in, now=later)


def test_the_right_password_does_not_open_an_account_locked_meanwhile(session: WriteSession) -> None:
    member_id = account(session)
    for _ in range(5):
        actions.note_wrong_password(session, staff_id=member_id, now=NOW)
    with pytest.raises(TooManyTries):
        actions.open_session(session, staff_id=member_id, now=NOW)
    with pytest.raises(TooManyTries):
        queries.credentials(session, username="maryam", now=NOW)


async def test_many_tries_at_one_moment_count_as_five(storage: Storage) -> None:
    """All were let in before the first was counted; the sixth says what `open_session` would say to the right one."""
    member_id = await storage.write(account)

    async def wrong() -> object:
        try:
            return await storage.write(actions.note_wrong_password, staff_id=member_id, now=NOW)
        except TooManyTries as refusal:
            return refusal

    answers = await asyncio.gather(*(wrong() for _ in range(8)))

    assert Counter(answers) == {None: 5, TooManyTries(NOW + MINUTE): 3}


def test_an_unknown_name_and_a_closed_account_answer_like_a_wrong_password(session: WriteSession) -> None:
    member_id = account(session)
    account(session, username="other")
    actions.deactivate(session, member_id=member_id, actor=SYSTEM, now=NOW)
    for username in ("nobody", "maryam"):
        found = queries.credentials(session, username=username, now=NOW)
        assert found.staff_id is None
        assert found.password_hash.startswith("$argon2id$")
        assert sign_in(session, username=username, password=PASSWORD, now=NOW) == WrongCredentials()
    with pytest.raises(WrongCredentials):
        actions.open_session(session, staff_id=member_id, now=NOW)


def test_closing_an_account_ends_its_sessions(session: WriteSession) -> None:
    member_id = account(session)
    account(session, username="other")
    done = signed_in(session)
    actions.deactivate(session, member_id=member_id, actor=SYSTEM, now=NOW)
    assert session.scalar(select(func.count()).select_from(StaffSession)) == 0
    assert queries.session(session, token=done.token, now=NOW) is None
    assert queries.grants_of(session, staff_id=member_id, now=NOW) == {}


def test_a_new_password_ends_the_other_sessions(session: WriteSession) -> None:
    member_id = account(session)
    one, other = signed_in(session), signed_in(session)
    by_staff(actions.set_password)(
        session,
        member_id=member_id,
        password="a new one, 1405",
        staff_id=member_id,
        keep_token_hash=one.staff.token_hash,
        now=NOW,
    )
    assert queries.session(session, token=other.token, now=NOW) is None
    kept = queries.session(session, token=one.token, now=NOW)
    assert kept is not None
    assert not kept.must_change_password
    assert sign_in(session, username="maryam", password=PASSWORD, now=NOW) == WrongCredentials()


def test_what_a_new_account_needs(session: WriteSession) -> None:
    account(session)
    with pytest.raises(UsernameTaken):
        account(session, username="MARYAM")
    with pytest.raises(UsernameUnfit):
        account(session, username="مریم")
    with pytest.raises(WeakPassword):
        actions.create(session, username="second", name="x", password="1234", roles=[], actor=SYSTEM, now=NOW)


def test_the_last_administrator_and_oneself_cannot_be_closed(session: WriteSession) -> None:
    first = account(session)
    with pytest.raises(NotYourself):
        by_staff(actions.deactivate)(session, member_id=first, staff_id=first, now=NOW)
    with pytest.raises(LastAdministrator), session.begin_nested():
        actions.deactivate(session, member_id=first, actor=SYSTEM, now=NOW)
    second = account(session, username="second", by=first)
    by_staff(actions.deactivate)(session, member_id=first, staff_id=second, now=NOW)
    with pytest.raises(LastAdministrator), session.begin_nested():
        actions.update_member(session, member_id=second, name="x", roles=[], actor=SYSTEM, now=NOW)


def test_members_are_listed_within_a_scope(session: WriteSession) -> None:
    karaj, tehran = make_office(session, province_code="IR-30"), make_office(session, province_code="IR-23")
    clerk = make_staff(session, office=karaj).id
    officer = make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30").id
    far = make_staff(session, office=tehran).id
    administrator = make_staff(session, role=Role.ADMINISTRATOR).id

    def seen(scope: Scope) -> set[int]:
        return {row.id for row in listing.members(session, scope=scope, limit=50).rows}

    assert seen(Scope.of(karaj.node)) == {clerk}
    assert seen(Scope.of(province("IR-30"))) == {clerk, officer}
    assert seen(EVERYWHERE) == {clerk, officer, far, administrator}
    assert seen(Scope()) == set()
    assert queries.member(session, member_id=far, scope=Scope.of(karaj.node)) is None
    assert queries.roles_of(session, staff_id=clerk) == (at_office(Role.CLERK, karaj),)


ALPHABETICAL = ["آرش", "ارغوان", "پروین", "تهمینه", "چمن‌آرا", "زهرا", "ژاله", "سارا", "کاوه", "گلشاه", "لاله", "یاسین"]


def test_names_stand_in_the_order_of_the_persian_alphabet(session: WriteSession) -> None:
    """پ, چ, ژ, ک, گ and ی have their code points behind all other letters, and Arabic ك and ي elsewhere again."""
    office = make_office(session)
    for name in reversed(ALPHABETICAL):
        make_staff(session, name=name, role=Role.DESK_OFFICER, office=office)
    renamed = actions.create(
        session,
        username="renamed",
        name="یاسین",
        password="سه جوجه در لانه",
        roles=[at_office(Role.DESK_OFFICER, office)],
        actor=SYSTEM,
        now=NOW,
    )
    for name, before in (("كاظم", "کاوه"), ("چنگیز", "زهرا")):
        actions.update_member(
            session,
            member_id=renamed,
            name=name,
            roles=[at_office(Role.DESK_OFFICER, office)],
            actor=SYSTEM,
            now=NOW,
        )
        listed = [row.name for row in listing.members(session, scope=EVERYWHERE).rows]
        place = ALPHABETICAL.index(before)
        assert listed == [*ALPHABETICAL[:place], name, *ALPHABETICAL[place:]]
    pages = [listing.members(session, scope=EVERYWHERE, limit=5, skip=skip).rows for skip in (0, 5, 10)]
    assert [row.name for page in pages for row in page] == [*ALPHABETICAL[:5], "چنگیز", *ALPHABETICAL[5:]]


def test_the_log_never_holds_a_password(session: WriteSession) -> None:
    account(session)
    sign_in(session, username="maryam", password="wrong-but-long-1", now=NOW)
    signed_in(session)
    told = repr(events.latest(session))
    assert PASSWORD not in told
    assert "wrong-but-long-1" not in told
    (kept,) = session.scalars(select(StaffMember.password_hash))
    assert PASSWORD not in kept
