"""What is pressed on the board: each press is applied once, and answered by the board as it is then.

That somebody was served is recorded with the record that closes the visit: `backoffice.records.form`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from backoffice.appointments.forms import BackForm
from backoffice.appointments.in_reach import on_any_day
from backoffice.board.asking import asked, slots_of
from backoffice.board.page import PIECE, address_of, after, counter_of
from backoffice.board.presses import press_of
from backoffice.board.wording import SAID
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.capacity.refusals import QuotaUsedUp, SlotPassed, SlotTaken
from desk.events.shown import not_shown
from desk.language.text import Reference, Text, words
from desk.line import actions as line
from desk.line.rows import AfterPress
from desk.refusals import Refusal
from desk.staff.form_keys import SentAlready
from desk.storage.base import ReadSession, WriteSession
from desk.visits import actions as visits

_ = words("board")

Step = Callable[..., object]

STEPS: Final[dict[str, Step]] = {
    "arrive": line.arrive,
    "again": line.call_again,
    "begin": line.begin,
    "hold": line.hold,
    "take_back": line.take_back,
    "to_the_end": line.to_the_end,
    "went_away": line.went_away,
    "undo": line.undo,
}
"""The presses that name nothing but the person."""
AT_COUNTER: Final[dict[str, Step]] = {"call": line.call_this, "here": line.move_to_counter}
"""The presses that name the counter of the page too."""
WITHOUT_ENTRY: Final[dict[str, Step]] = {"undo_arrival": visits.undo_arrival, "undo_outcome": visits.undo_outcome}
"""What is undone of somebody whom the line does not know."""
MOST_DIGITS = 16
"""The most digits of a slot's id in a button."""


async def call_next(request: PageRequest, backend: Backend) -> PageResponse:
    """Call the next person to the counter of the form."""
    office, counter = request.form_number("office"), counter_of(request.form_number("counter"))
    if office is None:
        raise OutOfReach
    if counter is None:
        problem = _("Please choose a counter first, above the board.")
        return await _answer(request, backend, office_id=office, problem=problem)

    def act(session: WriteSession) -> AfterPress | None:
        return line.call_next(
            session,
            office_id=office,
            counter=counter,
            press=press_of(request, "next"),
            actor=request.actor,
            now=request.now,
        )

    try:
        done = await backend.write(act)
    except SentAlready:
        return await _answer(request, backend, office_id=office)
    except OutOfReach:
        raise
    except Refusal as refusal:
        return await _answer(request, backend, office_id=office, problem=refused(refusal))
    said = _("Nobody waits.") if done is None else _called(done)
    return await _answer(request, backend, office_id=office, said=said)


async def press(request: PageRequest, backend: Backend) -> PageResponse:
    """Do what a button says with the person of the address."""
    do = request.form_text("do")
    if do in {"back_on", "back"}:
        return await _offer(request, backend)
    office = await backend.read(_office_of, request)
    step = _step_of(request, do)
    if step is None:
        problem = _("Please choose a counter first, above the board.") if do in AT_COUNTER else _("This is not known.")
        return await _answer(request, backend, office_id=office, problem=problem)

    def act(session: WriteSession) -> object:
        return step(session, appointment_id=request.path["appointment"], actor=request.actor, now=request.now)

    try:
        done = await backend.write(act)
    except SentAlready:
        return await _answer(request, backend, office_id=office)
    except (SlotTaken, QuotaUsedUp, SlotPassed) as refusal:
        # The slot was taken meanwhile: the free ones are offered again.
        return await _offer(request, backend, problem=refused(refusal))
    except OutOfReach:
        raise
    except Refusal as refusal:
        return await _answer(request, backend, office_id=office, problem=refused(refusal))
    said = _called(done) if isinstance(done, AfterPress) and do in {"call", "again"} else SAID.get(do.partition(":")[0])
    return await _answer(request, backend, office_id=office, said=said)


def _office_of(session: ReadSession, request: PageRequest) -> int:
    """The office of the person in the address, who is not shown by that. Raises OutOfReach."""
    found = on_any_day(session, request)
    not_shown(found)
    return found.office.id


def _step_of(request: PageRequest, do: str) -> Step | None:
    """The action of a button; None for one that is not known, and where a counter is missing."""
    said, _colon, rest = do.partition(":")
    number = int(rest) if rest.isascii() and rest.isdigit() and len(rest) < MOST_DIGITS else None
    pressed = press_of(request, do)
    if said == "come_back" and number is not None:
        return partial(visits.record_come_back, slot_id=number)
    if said == "move" and number is not None:
        return partial(line.move_to_counter, counter=number, press=pressed)
    if do in STEPS:
        return partial(STEPS[do], press=pressed)
    counter = counter_of(request.form_number("counter"))
    if do in AT_COUNTER and counter is not None:
        return partial(AT_COUNTER[do], counter=counter, press=pressed)
    return WITHOUT_ENTRY.get(do)


async def _offer(request: PageRequest, backend: Backend, *, problem: Text | None = None) -> PageResponse:
    """The free slots to come back, of the day in the form: within the board, or as a page."""
    form = BackForm(request.form)
    form.validate()
    return await backend.read(partial(_offered, request=request, form=form, problem=problem))


def _offered(session: ReadSession, *, request: PageRequest, form: BackForm, problem: Text | None) -> PageResponse:
    values = slots_of(session, request, form=form)
    if not request.is_fragment:
        return asked(request, values, problem=problem, status=422 if form.errors or problem is not None else 200)
    board = after(session, request, office_id=values["appointment"].office.id)
    return board.render(template=PIECE, problem=problem, **values)


def _called(done: AfterPress) -> Text:
    number = Reference(done.call_number)
    if done.counter is None:
        return _("{number} is in the line.", number=number)
    return _("{number} is called to counter {n}.", number=number, n=done.counter)


async def _answer(
    request: PageRequest, backend: Backend, *, office_id: int, said: Text | None = None, problem: Text | None = None
) -> PageResponse:
    """The board as it is now; without htmx the page, with the reason where nothing was done."""
    return await backend.read(partial(_answered, request=request, office_id=office_id, said=said, problem=problem))


def _answered(
    session: ReadSession, *, request: PageRequest, office_id: int, said: Text | None, problem: Text | None
) -> PageResponse:
    if not request.is_fragment and problem is None:
        place = f"#person-{request.path['appointment']}" if request.path else ""
        return Redirect(to=f"{address_of(office_id)}{place}", notice="recorded")
    board = after(session, request, office_id=office_id)
    if request.is_fragment:
        return board.render(template=PIECE, said=said, problem=problem)
    return replace(board.render(problem=problem), status=422)
