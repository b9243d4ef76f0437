"""People who wait, book and leave while days of their service are drawn, and what must be so after each step."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from sqlalchemy import select

from desk.acting import Actor
from desk.capacity.actions import materialise
from desk.capacity.models import Queue, Slot
from desk.draws import actions as draws
from desk.draws.rows import DrawPlan, DrawRules
from desk.draws.rules import LIVE_DRAWS
from desk.draws.running import open_days_without_draws, run_draws
from desk.draws.seeds import bytes_of_word, commitment
from desk.storage.base import WriteSession
from desk.waiting.watching import watch_offers
from tests.makers import NOW, TODAY, acting, at, make_staff
from tests.makers_hours import make_rule
from tests.storage import draws_reads
from tests.storage.waiting_machine import CHATS, COUNTERS, PeopleWhoWait, some

DRAWN_DAYS = (TODAY + timedelta(days=2), TODAY + timedelta(days=3))
RULES = DrawRules(publish_at=18 * 60, days_ahead=2, confirm_minutes=60, priority_share=20)
WORD, ANOTHER_WORD = "seventeen blue herons", "eighteen blue herons"
drawn_days = st.sampled_from(DRAWN_DAYS)


class PeopleWhoAreDrawn(PeopleWhoWait):
    """The same office and chats, and two days more whose places are drawn; two people of the desk hold the draws."""

    @staticmethod
    def _open(session: WriteSession) -> dict[str, Any]:
        ids = PeopleWhoWait._open(session)
        queue = session.get_one(Queue, ids["queue"])
        for day in DRAWN_DAYS:
            weekday = (day - TODAY).days  # TODAY is the first of its week
            make_rule(session, queue=queue, weekday=weekday, opens=660, closes=690, counters=COUNTERS)
        materialise(session, queue_id=queue.id, days=list(DRAWN_DAYS), now=NOW)
        slots = session.scalars(select(Slot.id).order_by(Slot.starts_at)).all()
        staff = [make_staff(session).id for _ in range(2)]
        session.expunge_all()
        return ids | {"slots": list(slots), "staff": staff}

    def _held_by(self, nth: int) -> Actor:
        return acting(self.ids["staff"][nth])

    def _draws(self) -> list[Any]:
        found: list[Any] = self.database.read(draws_reads.draws)
        return found

    # -- what those do who hold draws

    @initialize(how_far=st.sampled_from([0, 1, 2, 3, 3, 3]), asking=st.integers(1, CHATS))
    def begin(self, how_far: int, asking: int) -> None:
        """A history begins before the draw is announced, after it, when its list is closed, or when it was drawn."""
        if how_far:
            self.announce(day=DRAWN_DAYS[0])
            self.let_it_be_drawn(is_drawn=True)
        for chat in range(asking if how_far > 1 else 0):
            self.ask(chat=chat, together=chat % 3 == 1)
        for _ in range(how_far - 1):
            self.the_draw_goes_on(is_agreed=True, is_revealed=True)
        self.messages_arrive()

    @rule(day=drawn_days)
    def announce(self, day: date) -> None:
        """Prepare the draw of a day, seal both hidden parts by their hashes, and announce it."""
        plan = DrawPlan(
            service_id=self.ids["service"],
            province_code=self.ids["province"],
            first_day=day,
            last_day=day,
            closes_at=at(day - timedelta(days=2), hour=16),
            figure_name="the closing index of that day",
            figure_digits=4,
        )
        draw = self._do(draws.prepare, plan=plan, rules=RULES, actor=self._held_by(0))
        if isinstance(draw, int):
            hashed = commitment(bytes_of_word(WORD))
            self._do(draws.commit_word, draw_id=draw, word_hash=hashed, actor=self._held_by(1))
            self._do(draws.announce, draw_id=draw, actor=self._held_by(0))

    @rule(is_drawn=st.booleans())
    def let_it_be_drawn(self, is_drawn: bool) -> None:  # drawn by Hypothesis
        self._do(
            draws.set_rules,
            service_id=self.ids["service"],
            province_code=self.ids["province"],
            rules=RULES,
            is_drawn=is_drawn,
            reason="gone in two minutes",
            evidence={},
            actor=self._held_by(0),
        )

    @rule(which=some)
    def call_off(self, which: int) -> None:
        if found := self._draws():
            self._do(draws.call_off_one, draw_id=found[which % len(found)].id, actor=self._held_by(0))

    @rule(nth=st.integers(0, 1), figure=st.sampled_from(["1234", "1234", "5678", "12"]))
    def type_the_figure(self, nth: int, figure: str) -> None:
        for each in self._draws():
            self._do(draws.type_figure, draw_id=each.id, figure=figure, actor=self._held_by(nth))

    @rule(word=st.sampled_from([WORD, WORD, ANOTHER_WORD]))
    def reveal(self, word: str) -> None:
        for each in self._draws():
            self._do(draws.reveal_word, draw_id=each.id, word=word, actor=self._held_by(1))

    @rule(is_agreed=st.booleans(), is_revealed=st.booleans())
    def the_draw_goes_on(self, is_agreed: bool, is_revealed: bool) -> None:  # drawn by Hypothesis
        """Come to the next moment of the first live draw, and do what is done there; then the jobs run."""
        live = [each for each in self._draws() if each.state in LIVE_DRAWS]
        if live and (to := draws_reads.next_moment(live[0], now=self.now)) is not None:
            self.now = to
        self.the_jobs_run()
        if is_agreed:
            for nth in range(2):
                self.type_the_figure(nth=nth, figure="1234")
        if is_revealed:
            self.reveal(word=WORD)
        self.the_jobs_run()

    @rule(which=some)
    def confirm(self, which: int) -> None:
        """Somebody whose message arrived takes what they were offered, or drawn."""
        self.messages_arrive()
        self.answer(which=which, accepts=True)

    # -- what the jobs do

    def _jobs_of_subjects(self) -> None:
        super()._jobs_of_subjects()
        self._do(watch_offers, limit=100)  # hours may have passed since the last step
        self._do(open_days_without_draws, limit=40)
        for _ in range(60):
            if not self._do(run_draws):
                break
        else:
            raise AssertionError("the job of the draws never ends")

    # -- what must be so

    def _days_of_nobody(self) -> set[date]:
        drawn: set[date] = self.database.read(draws_reads.drawn_days)
        return super()._days_of_nobody() | drawn
