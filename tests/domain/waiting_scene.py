"""A service at three offices, and a chat that waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desk.acting import Actor
from desk.storage.base import WriteSession
from desk.waiting.models import StandingRequest
from desk.waiting.rows import StandingWish
from tests.makers import NOW, make_conversation, make_office, make_person, make_service
from tests.makers_waiting import make_request, wish_for


@dataclass
class Town:
    """A service at two offices of one province and at one of another."""

    session: WriteSession

    def __post_init__(self) -> None:
        self.service = make_service(self.session)
        self.office, self.beside = make_office(self.session), make_office(self.session)
        self.far = make_office(self.session, province_code="IR-23")
        self.chat = make_conversation(self.session)
        self.person = make_person(self.session, conversation=self.chat)

    def wait(self, *, wish: StandingWish | None = None, **over: Any) -> int:
        given: dict[str, Any] = {"service": self.service, "chat": self.chat, "people": (self.person,)}
        return make_request(self.session, wish=wish or wish_for(self.office), **given | over)

    def of_another(self, *, wish: StandingWish | None = None, **over: Any) -> int:
        return make_request(self.session, service=self.service, wish=wish or wish_for(self.office), **over)

    def row(self, request_id: int) -> StandingRequest:
        return self.session.get_one(StandingRequest, request_id, populate_existing=True)

    def does(self, action: Any, request_id: int, **said: Any) -> None:
        action(self.session, request_id=request_id, actor=Actor.chat(self.chat.id), now=NOW, **said)
