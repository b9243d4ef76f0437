"""Who may act where: the tree of the organisation by paths, and an actor that is asked."""

from __future__ import annotations

import pytest

from desk.acting import SYSTEM, Actor, OutOfReach, Permission
from desk.organisation import EVERYWHERE, NATION, NOWHERE, Level, Node, Scope, office, province

ALBORZ, TEHRAN = province("IR-30"), province("IR-23")
COUNTY, DISTRICT = Node("/IR-30/01/"), Node("/IR-30/01/02/")
SEVEN = office(7, area=DISTRICT.path)
TREE = [NATION, ALBORZ, COUNTY, DISTRICT, SEVEN]


def test_a_node_knows_its_level_and_where_it_lies() -> None:
    assert [node.level for node in TREE] == list(Level)
    assert [node.office_id for node in TREE] == [None, None, None, None, 7]
    assert [node.province_code for node in TREE] == [None, "IR-30", "IR-30", "IR-30", "IR-30"]
    assert SEVEN.area == DISTRICT
    assert DISTRICT.area == DISTRICT


@pytest.mark.parametrize("path", ["", "IR-30", "/IR-30", "//", "/IR-30/01/02/03/", "/@/", "/@7/01/", "/IR 30/", "/%/"])
def test_what_is_no_path_is_no_node(path: str) -> None:
    with pytest.raises(ValueError, match="leads to no node"):
        Node(path)


def test_a_node_covers_itself_and_what_lies_below_it() -> None:
    for depth, node in enumerate(TREE):
        assert [node.covers(other) for other in TREE] == [place >= depth for place in range(len(TREE))]


def test_names_that_begin_alike_do_not_cover_one_another() -> None:
    assert not Node("/IR-3/").covers(ALBORZ)
    assert not Node("/IR-30/0/").covers(COUNTY)
    assert not office(7, area="/IR-30/").covers(office(70, area="/IR-30/"))
    assert not TEHRAN.covers(SEVEN)


def test_a_scope_reaches_what_one_of_its_nodes_covers() -> None:
    scope = Scope.of(COUNTY, TEHRAN)

    assert scope.covers(SEVEN)
    assert scope.covers(office(9, area=TEHRAN.path))
    assert not scope.covers(ALBORZ)
    assert not scope.is_national
    assert scope.areas == ("/IR-23/", "/IR-30/01/")
    assert (scope.provinces, scope.offices) == (frozenset({"IR-23"}), frozenset())


def test_a_scope_keeps_an_office_beside_the_area_that_covers_it() -> None:
    both = Scope.of(SEVEN) | EVERYWHERE

    assert both.offices == {7}
    assert both.is_national
    assert not NOWHERE
    assert not NOWHERE.covers(SEVEN)


def test_staff_may_do_what_they_hold_where_they_hold_it() -> None:
    clerk = Actor.staff(3, {Permission.APPOINTMENTS_RECORD: Scope.of(SEVEN)})

    clerk.require(Permission.APPOINTMENTS_RECORD, at=SEVEN)
    with pytest.raises(OutOfReach) as elsewhere:
        clerk.require(Permission.APPOINTMENTS_RECORD, at=DISTRICT)
    with pytest.raises(OutOfReach) as never:
        clerk.require(Permission.CAPACITY_WRITE, at=SEVEN)

    assert elsewhere.value == OutOfReach(Permission.APPOINTMENTS_RECORD, "/IR-30/01/02/")
    assert never.value == OutOfReach(Permission.CAPACITY_WRITE, "/IR-30/01/02/@7/")
    assert (clerk.staff_id, clerk.conversation_id, clerk.is_system) == (3, None, False)


def test_a_chat_holds_no_permission_and_the_system_all() -> None:
    chat = Actor.chat(12)

    assert (chat.staff_id, chat.conversation_id) == (None, 12)
    assert (SYSTEM.staff_id, SYSTEM.conversation_id) == (None, None)
    for permission in Permission:
        SYSTEM.require(permission, at=NATION)
        with pytest.raises(OutOfReach):
            chat.require(permission, at=SEVEN)


def test_what_an_actor_may_cannot_be_changed_afterwards() -> None:
    grants = {Permission.CASES_READ: Scope.of(SEVEN)}
    actor = Actor.staff(3, grants)
    grants[Permission.CASES_READ] = EVERYWHERE

    assert actor.scope(Permission.CASES_READ) == Scope.of(SEVEN)
    with pytest.raises(TypeError):
        actor.grants[Permission.CASES_READ] = EVERYWHERE  # type: ignore[index]  # it is what may not be done
