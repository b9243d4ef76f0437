"""The page of one draw for those who hold it: the word, the announcement, the public figure, and what comes next.

Nobody does two parts of it: who prepared the draw does not commit to the word, and the figure is typed by two people,
of whom the second does not see what the first typed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wtforms import Form

from backoffice.access import require_within
from backoffice.draws.forms import FigureForm, HashForm, RevealForm, say_at_its_field
from backoffice.draws.wording import DRAW_STATES
from backoffice.layout.badge import Badge
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.draws import actions
from desk.draws.lists import DrawLine, TypedFigure, draw_line, figures_typed, names_of_holders
from desk.draws.refusals import DrawUnusable, HashMissing, NotInThatState, SamePerson
from desk.draws.revealing import LONGEST_WORD
from desk.draws.rules import DrawState
from desk.draws.seeds import LEAST_WORD
from desk.language.text import Text, words
from desk.organisation import province
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay, LocalMoment

_ = words("draws")

TWO_DIFFER = _("The two figures differ. Nothing is drawn until two people typed the same.")


@dataclass(frozen=True, slots=True)
class FigureSeen:
    """The public figure as far as the reader may see it before it holds."""

    typed: tuple[TypedFigure, ...]
    """The people who typed it; what they typed is shown where two differ, and to nobody before."""
    is_mine: bool
    """The reader has typed it already."""

    @property
    def differs(self) -> bool:
        """Whether two people typed different figures."""
        return len({each.figure for each in self.typed}) > 1


@dataclass(frozen=True, slots=True)
class HeldDraw:
    """A draw as those who hold it see it."""

    line: DrawLine
    state: Badge
    first: LocalDay
    last: LocalDay
    closes: LocalMoment
    hour: LocalMoment
    word_until: LocalMoment
    prepared_by: str | None
    word_by: str | None
    is_word_left_out: bool
    figure: FigureSeen
    may_commit: bool
    """The reader may commit to the word: they did not prepare the draw."""
    may_announce: bool
    may_call_off: bool
    may_reveal: bool


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The draw and what has to be done for it now."""
    return _page(session, request)


async def commit(request: PageRequest, backend: Backend) -> PageResponse:
    """Commit to a word by its hash."""
    form = HashForm(request.form)
    return await _done(
        request,
        backend,
        form,
        lambda session: actions.commit_word(
            session,
            draw_id=request.path["draw"],
            word_hash=form.word_hash.data,
            actor=request.actor,
            now=request.now,
        ),
        notice="word_committed",
    )


async def announce(request: PageRequest, backend: Backend) -> PageResponse:
    """Announce the draw: from now on people take part."""
    return await _done(
        request,
        backend,
        Form(),
        lambda session: actions.announce(session, draw_id=request.path["draw"], actor=request.actor, now=request.now),
        notice="draw_announced",
    )


async def call_off(request: PageRequest, backend: Backend) -> PageResponse:
    """Call this draw off before its list closes; who takes part is told, and waits on."""
    return await _done(
        request,
        backend,
        Form(),
        lambda session: actions.call_off_one(
            session, draw_id=request.path["draw"], actor=request.actor, now=request.now
        ),
        notice="draw_called_off",
    )


async def type_figure(request: PageRequest, backend: Backend) -> PageResponse:
    """Type the public figure, without seeing what somebody else typed."""
    form = FigureForm(request.form)
    return await _done(
        request,
        backend,
        form,
        lambda session: actions.type_figure(
            session, draw_id=request.path["draw"], figure=form.figure.data, actor=request.actor, now=request.now
        ),
        notice="figure_typed",
    )


async def reveal(request: PageRequest, backend: Backend) -> PageResponse:
    """Reveal the word whose hash was announced."""
    form = RevealForm(request.form)
    return await _done(
        request,
        backend,
        form,
        lambda session: actions.reveal_word(
            session, draw_id=request.path["draw"], word=form.word.data, actor=request.actor, now=request.now
        ),
        notice="word_revealed",
    )


async def _done(
    request: PageRequest, backend: Backend, form: Form, act: Callable[[WriteSession], Any], *, notice: str
) -> PageResponse:
    await backend.read(_in_reach, request)
    problem: Text | None = None
    if form.validate():
        try:
            await backend.write(act)
        except DrawUnusable as refusal:
            problem = _say(form, refusal)
        except (NotInThatState, SamePerson, HashMissing) as refusal:
            problem = refused(refusal)
        else:
            return Redirect(to=f"/draws/{request.path['draw']}/steps", notice=notice)
    return await backend.read(_page, request, sent=form, problem=problem, status=422)


def _say(form: Form, refusal: DrawUnusable) -> Text | None:
    """Say the fault at its field; returns it where the form has no field."""
    if not list(form):
        return refused(refusal)
    say_at_its_field(form, refusal)
    return None


def _in_reach(session: ReadSession, request: PageRequest) -> DrawLine:
    """The draw of the address, if its province lies within the scope. Raises OutOfReach."""
    line = draw_line(session, draw_id=request.path["draw"])
    if line is None:
        raise OutOfReach
    require_within(request.scope, province(line.draw.province_code))
    return line


def _page(
    session: ReadSession,
    request: PageRequest,
    *,
    sent: Form | None = None,
    problem: Text | None = None,
    status: int = 200,
) -> Render:
    line = _in_reach(session, request)
    values = {
        "held": _held(session, request, line),
        "draw": line.draw,
        "is": line.draw.state.value,
        "address": f"/draws/{line.draw.id}/steps",
        "hash_form": sent if isinstance(sent, HashForm) else HashForm(),
        "figure_form": sent if isinstance(sent, FigureForm) else FigureForm(),
        "reveal_form": sent if isinstance(sent, RevealForm) else RevealForm(),
        "problem": problem,
        "least_word": LEAST_WORD,
        "longest_word": LONGEST_WORD,
        "differ": TWO_DIFFER,
    }
    return Render(template="draws/steps.html", values=values, status=status)


def _held(session: ReadSession, request: PageRequest, line: DrawLine) -> HeldDraw:
    draw, me = line.draw, request.actor.staff_id
    names = names_of_holders(session, draw_id=draw.id)
    typed = tuple(figures_typed(session, draw_id=draw.id)) if draw.frozen_at is not None else ()
    return HeldDraw(
        line=line,
        state=DRAW_STATES[draw.state],
        first=LocalDay(draw.first_day),
        last=LocalDay(draw.last_day),
        closes=LocalMoment(draw.closes_at),
        hour=LocalMoment(draw.drawn_at),
        word_until=LocalMoment(draw.word_until),
        prepared_by=names.get(draw.prepared_by or 0),
        word_by=names.get(draw.word_by or 0),
        is_word_left_out=draw.is_word_left_out(now=request.now),
        figure=FigureSeen(typed, is_mine=any(each.staff_id == me for each in typed)),
        may_commit=draw.state is DrawState.DRAFT and me != draw.prepared_by,
        may_announce=draw.state is DrawState.DRAFT and draw.word_hash is not None and request.scope.is_national,
        may_call_off=draw.state is DrawState.OPEN and request.scope.is_national,
        may_reveal=(
            draw.state is DrawState.FROZEN and draw.word is None and not draw.done and request.now < draw.word_until
        ),
    )
