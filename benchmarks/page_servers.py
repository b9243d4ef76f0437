"""`python -m benchmarks.page_servers bare|desk URL PORT`: the bare page with one query, or the back office."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import uvicorn
from litestar import Litestar, get
from litestar.contrib.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template import TemplateConfig
from sqlalchemy import select

from backoffice.app import create_app
from backoffice.layout.templates import Templates
from backoffice.web.assets import Assets
from backoffice.web.live import Live
from desk.appointments.models import Appointment
from desk.clock import SystemClock
from desk.identity import IdentityKey, IdentityKeys
from desk.language.language import Language
from desk.storage.base import ReadSession
from desk.storage.engine import Storage
from tests.keys import KEYS

KEY = IdentityKeys(IdentityKey("00000000", b"key"))
BARE = """<!doctype html><html lang="fa" dir="rtl"><head><title>List</title></head><body><table>
{% for row in rows %}<tr><td>{{ row.code }}</td><td>{{ row.person_name }}</td><td>{{ row.state }}</td></tr>
{% endfor %}</table></body></html>"""


def latest(session: ReadSession, *, rows: int) -> list[Appointment]:
    return list(session.scalars(select(Appointment).order_by(Appointment.id).limit(rows)))


def bare(storage: Storage) -> Litestar:
    """One query through the same storage, so many rows, a plain template: what any page of ours costs at least."""

    @get("/bare/{rows:int}")
    async def page(rows: int) -> Template:
        return Template(template_name="bare.html", context={"rows": await storage.read(latest, rows=rows)})

    folder = Path("var/bench")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bare.html").write_text(BARE)
    engine: TemplateConfig[Any] = TemplateConfig(directory=folder, engine=JinjaTemplateEngine)
    return Litestar(
        [page], template_config=engine, on_startup=[storage.start], on_shutdown=[storage.stop], openapi_config=None
    )


def desk(storage: Storage) -> Litestar:
    clock = SystemClock()
    live = Live(storage, clock=clock)
    app = create_app(
        storage=storage,
        templates=Templates(Language.load(), Assets()),
        clock=clock,
        identity_key=KEY,
        live=live,
    )
    telling: list[asyncio.Task[None]] = []

    async def tell() -> None:
        telling.append(asyncio.get_running_loop().create_task(live.run()))

    app.on_startup += [storage.start, tell]
    app.on_shutdown.append(storage.stop)
    return app


def main(kind: str, url: str, port: str) -> None:
    storage = Storage(url, keys=KEYS)
    uvicorn.run(
        bare(storage) if kind == "bare" else desk(storage), port=int(port), log_level="warning", access_log=False
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
