"""The public page of a draw: what everybody reads, when, and the file from which anybody recomputes it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from desk.draws.models import Draw
from desk.storage.base import WriteSession
from mizban.commands import app
from tests.backoffice.conftest import Site
from tests.domain.draw_scene import FIGURE, WORD, Asker, Lottery
from tests.makers_draws import make_draw


@pytest.fixture
async def held(site: Site) -> Lottery:
    """A draw of three places among five requests."""

    def make(session: WriteSession) -> Lottery:
        lottery = Lottery(session)
        lottery.begin()
        for _ in range(5):
            lottery.ask()
        lottery.held()
        return lottery

    found: Lottery = await site.storage.write(make)
    return found


@pytest.fixture
async def stranger(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a session."""
    async with site.browser() as browser:
        yield browser


async def test_everybody_reads_what_decided_it(held: Lottery, stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get(f"/draws/{held.draw_id}")
    assert "set-cookie" not in answer.headers
    for part in (WORD, "234567891", "قرعه کشیده شد", f"/draws/{held.draw_id}/file"):
        assert part in answer.text


async def test_the_file_of_the_page_is_recomputed_without_a_database(
    held: Lottery, stranger: httpx.AsyncClient, tmp_path: Path
) -> None:
    taken = await stranger.get(f"/draws/{held.draw_id}/file")
    file = tmp_path / "draw.json"
    file.write_bytes(taken.content)
    assert CliRunner().invoke(app, ["draw", "verify", str(file)]).exit_code == 0
    file.write_text(taken.text.replace('"lots":1', '"lots":2', 1), encoding="utf-8")
    assert CliRunner().invoke(app, ["draw", "verify", str(file)]).exit_code == 1
    assert FIGURE not in taken.text


async def test_where_was_i(site: Site, held: Lottery, stranger: httpx.AsyncClient) -> None:
    said = {}
    won = await site.storage.write(lambda session: {each.public_id for each in _winners(session, held)})
    for asker in held.askers:
        shown = (await stranger.get(f"/draws/{held.draw_id}", params={"number": asker.public_id})).text
        said[asker.public_id] = "قرعه به نام این درخواست افتاد" in shown
    assert {number for number, is_drawn in said.items() if is_drawn} == won
    nobody = (await stranger.get(f"/draws/{held.draw_id}", params={"number": "1" * 16})).text
    assert "در فهرست این قرعه‌کشی نیست" in nobody


async def test_before_the_hour_nothing_of_the_result_is_told(site: Site, stranger: httpx.AsyncClient) -> None:
    def make(session: WriteSession) -> Lottery:
        lottery = Lottery(session)
        lottery.begin()
        lottery.ask()
        lottery.close()
        return lottery

    closed: Lottery = await site.storage.write(make)
    shown = (await stranger.get(f"/draws/{closed.draw_id}", params={"number": closed.askers[0].public_id})).text
    assert "این درخواست در فهرست است" in shown
    assert "نفر" not in shown
    assert (await stranger.get(f"/draws/{closed.draw_id}/file")).status_code == 404


async def test_progress_is_shown_while_it_is_drawn(site: Site, stranger: httpx.AsyncClient) -> None:
    def make(session: WriteSession) -> int:
        lottery = Lottery(session)
        lottery.begin()
        for _ in range(4):
            lottery.ask()
        lottery.close()
        session.get_one(Draw, lottery.draw_id, populate_existing=True).done = 1
        session.flush()
        return lottery.draw_id

    draw_id = await site.storage.write(make)
    assert "قرعه کشیده می‌شود: ۲۵ درصد" in (await stranger.get(f"/draws/{draw_id}")).text


async def test_a_draft_is_nobodys_business_and_dari_is_read_too(
    site: Site, held: Lottery, stranger: httpx.AsyncClient
) -> None:
    draft = await site.storage.write(lambda session: make_draw(session, service_id=site.world.service, days=40).id)
    assert (await stranger.get(f"/draws/{draft}")).status_code == 404
    shown = (await stranger.get(f"/draws/{held.draw_id}", params={"lang": "fa_AF"})).text
    assert 'lang="fa-AF"' in shown
    assert "لیست" in shown


def _winners(session: WriteSession, held: Lottery) -> list[Asker]:
    held.session = session
    return [each for each in held.askers if held.offer(each) is not None]
