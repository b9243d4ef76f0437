"""Two who give one code at one moment: one office has it, and the other is told so, on both databases."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.util import await_only

from desk.language.text import Localised
from desk.offices import actions
from desk.offices.refusals import OfficeCodeTaken
from desk.offices.rules import OfficeKind, search_words
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.makers import NOW, acting, make_office

CODE = "71-0909"


def _other_office(session: WriteSession) -> int:
    return make_office(session, code="71-0808").id


async def _both_give_it(storage: Storage, monkeypatch: pytest.MonkeyPatch, *, patience: float) -> set[type]:
    """One makes an office, one gives another the same code; each goes on when both have looked whether it is free."""
    other = await storage.write(_other_office)
    both = asyncio.Barrier(2)

    async def meet() -> None:
        with suppress(TimeoutError, asyncio.BrokenBarrierError):
            await asyncio.wait_for(both.wait(), timeout=patience)

    def words_when_both_are_there(code: str, *texts: Localised | None) -> str:
        if not storage.is_sqlite:  # whose one writer cannot wait for another
            await_only(meet())
        return search_words(code, *texts)

    def give(session: WriteSession, office_id: int | None) -> int:
        return actions.save_office(
            session,
            office_id=office_id,
            code=CODE,
            kind=OfficeKind.PISHKHAN,
            province_code="IR-30",
            city=Localised({"fa": "کرج"}),
            name=Localised({"fa": "دفتر لاله"}),
            actor=acting(3),
            now=NOW,
        )

    monkeypatch.setattr(actions, "search_words", words_when_both_are_there)
    acts = (storage.write(give, None), storage.write(give, other))
    return {type(each) for each in await asyncio.gather(*acts, return_exceptions=True)}


async def test_two_who_give_one_code_are_not_both_told_yes(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await _both_give_it(storage, monkeypatch, patience=0.5) == {int, OfficeCodeTaken}


@pytest.mark.postgres
async def test_the_twin_without_the_lock_ends_in_an_error(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "hold_codes", lambda session: None)

    assert await _both_give_it(storage, monkeypatch, patience=60) == {int, IntegrityError}
