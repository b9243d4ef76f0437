"""What can reach a log: no token, no address with one, no number of a paper, nothing that anybody wrote."""

from __future__ import annotations

import ast
import asyncio
import logging
from collections.abc import Iterator
from errno import ENOSPC
from io import StringIO

import pytest
import structlog

from bot.running.tasks import Tasks
from mizban.logs import Lines, clean, place_of, set_up
from tests import own_logs
from tests.system.source_rules import sources

TOKEN = "123456789:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0"
SECRETS = {
    "token": TOKEN,
    "call": f"https://api.telegram.org/bot{TOKEN}/sendMessage",
    "file": f"https://tapi.bale.ai/file/bot{TOKEN}/photos/1.jpg",
    "hook": "/hooks/bale/Xk3v-9_abcdefghijklmnopqrstuvwxyz0123456789AB",
    "identity number": "801234567890",
    "in Persian digits": "۸۰۱۲۳۴۵۶۷۸۹۰",
    "in groups": "8012-3456-7890",
    "phone": "+98 912 345 6789",
    "tracking code": "482 173 051",
    "a message": "سلام، من گل‌آغا رحیمی هستم و نوبت می‌خواهم",
}


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What is logged as in a process."""
    stream = StringIO()
    with own_logs.as_they_were():
        set_up("INFO", stream=stream)
        yield stream


PIECES = [*SECRETS.values(), TOKEN, TOKEN.partition(":")[2], "گل‌آغا", "رحیمی", "نوبت", "345 6789"]
"""Neither the secrets nor what is left when only a part of them is taken out."""


def assert_no_secret(logged: str) -> None:
    assert [piece for piece in PIECES if piece in logged] == []


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
def test_a_secret_is_cleaned_wherever_it_stands(secret: str) -> None:
    assert secret not in clean(secret)
    assert secret not in clean(f"before {secret} after")
    assert secret not in clean(f"x='{secret}',")


def test_ordinary_lines_stay_as_they_are() -> None:
    for line in (
        "roll_windows took 3 rows",
        "429 Too Many Requests: retry after 3",
        "bot/receiving/exchange.py:45 in hear",
        "v0.1.0",
    ):
        assert clean(line) == line


def test_our_own_lines_are_clean(written: StringIO) -> None:
    log = structlog.get_logger()
    for secret in SECRETS.values():
        log.info("heard", text=secret, nested={"list": [secret]}, other=(1, secret))
        log.warning(secret)
        try:
            raise ValueError(secret)
        except ValueError as error:
            log.exception("failed")
            log.error("failed", exc_info=error, error=error)
    logged = written.getvalue()
    assert logged.count("\n") == 4 * len(SECRETS)
    assert_no_secret(logged)
    assert "ValueError at" in logged


def test_lines_of_libraries_are_clean(written: StringIO) -> None:
    for secret in SECRETS.values():
        for name in ("httpx", "aiogram.event", "telegram.ext", "uvicorn.error", "anything"):
            logging.getLogger(name).info("request %s", secret)
            logging.getLogger(name).warning("request %s", secret)
            try:
                raise KeyError(secret)
            except KeyError:
                logging.getLogger(name).exception("failed with %s", secret)
    logged = written.getvalue()
    assert "failed with" in logged
    assert_no_secret(logged)
    assert "request" in logged.split("anything")[0]


class FullDisk(StringIO):
    """Takes nothing any more."""

    def write(self, text: str) -> int:
        raise OSError(ENOSPC, "No space left on device")


def closed() -> StringIO:
    stream = StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize("stream", [FullDisk(), closed()], ids=["full", "closed"])
async def test_a_line_that_cannot_be_written_stops_nothing(stream: StringIO) -> None:
    times: list[int] = []

    async def work() -> None:
        structlog.get_logger().warning("begins")
        logging.getLogger("anything").warning("begins")
        times.append(len(times))
        if len(times) == 1:
            raise RuntimeError("fails once")
        await asyncio.Event().wait()

    set_up("INFO", stream=stream)
    async with Tasks() as tasks:
        tasks.keep(work, name="the work")
        async with asyncio.timeout(60):
            while len(times) < 2:
                await asyncio.sleep(0.01)


def test_what_a_test_sets_up_for_logs_ends_with_it() -> None:
    before, handlers = structlog.get_config(), logging.getLogger().handlers[:]
    log = structlog.get_logger()
    with own_logs.as_they_were():
        set_up("ERROR", stream=(stream := StringIO()))
        log.error("here")
    log.error("not here any more")
    logging.getLogger("anything").error("nor this")
    assert stream.getvalue().count("\n") == 1
    assert structlog.get_config() == before
    assert logging.getLogger().handlers == handlers


def test_the_twin_without_cleaning_leaks() -> None:
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "heard %s", (SECRETS["a message"],), None)
    assert SECRETS["a message"] not in Lines().format(record)
    assert SECRETS["a message"] in logging.Formatter("%(message)s").format(record)


def test_an_exception_is_told_by_its_places() -> None:
    told = ""

    def parse(text: str) -> int:
        return int(text)

    try:
        try:
            parse("گل‌آغا")
        except ValueError as error:
            raise RuntimeError("while reading گل‌آغا") from error
    except RuntimeError as error:
        told = place_of(error)
    assert told.startswith("RuntimeError at tests/mizban/test_logs.py:")
    assert ", from ValueError at tests/mizban/test_logs.py:" in told
    assert "in parse" in told
    assert "گل" not in told


NEVER_LOGGED = {
    "text",
    "message",
    "name",
    "number",
    "phone",
    "token",
    "url",
    "password",
    "body",
    "update",
    "heard",
    "raw",
}
"""Names of values that hold what people wrote, or a secret."""


def test_no_line_of_ours_is_even_given_what_people_wrote() -> None:
    offences = [
        f"{source.path}:{node.lineno} {keyword.arg}"
        for source in sources("desk", "bot", "backoffice", "mizban")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"log", "logger"}
        for keyword in node.keywords
        if keyword.arg in NEVER_LOGGED
    ]
    assert offences == []
