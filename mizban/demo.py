"""The demonstration: demo data, emulated messengers with phones in the browser, and all parts started."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from pydantic import SecretStr

from desk.clock import now
from desk.staff import second_factor
from emulator import BotAccount, Emulator
from mizban.console import say
from mizban.logs import set_up
from mizban.process import ProcessRole, Running, run_loop, serve, warn
from mizban.seeding import DemoAccount, demo_password_file, seed_database
from mizban.settings import Settings, load_settings

PHONES_PORT = 8081
FONTS = Path(__file__).resolve().parents[1] / "node_modules/@fontsource-variable/vazirmatn/files"
BOT_NAME = "میزبان"
DESK_LABEL = "پشت میز"


def run_demo() -> None:
    """Run until told to stop. Data stays in the home folder; nothing is sent to a real messenger."""
    settings = load_settings()
    if not settings.database_url:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Log lines of jobs would hide the addresses; a level that was set is kept.
    set_up(settings.log_level if "MIZBAN_LOG_LEVEL" in os.environ else "WARNING")
    say("Mizban is getting ready ...")
    settings = settings.model_copy(
        update={
            "port": free_port(settings.host, settings.port),
            "public_url": "",
            **{f"{each.name}_updates": "" for each in settings.messengers},
        }
    )
    accounts = seed_database(settings, demo=True)
    warn(settings, ProcessRole.SERVE)
    run_loop(_run(settings, accounts))


async def _run(settings: Settings, accounts: Sequence[DemoAccount]) -> None:
    emulated = [
        (each, each.dialect(), f"{each.demo_bot[0]}:{secrets.token_urlsafe(24)}")
        for each in settings.messengers
        if each.dialect is not None
    ]
    desk = f"http://{_shown(settings.host)}:{settings.port}/"
    phones = Emulator(
        bots=[
            BotAccount(dialect, token, username=messenger.demo_bot[1], first_name=BOT_NAME)
            for messenger, dialect, token in emulated
        ],
        seed=secrets.randbits(32),  # the phones start empty, so each start invents other people
        log_cap=5000,
        fonts=FONTS if FONTS.is_dir() else None,
        links=[(DESK_LABEL, desk)],
        codes=lambda: sign_in_codes(accounts),
    )
    for bot in phones.world.bots.values():
        # The database remembers heard ids: a new start must not use the same ones again.
        bot.queue.next_id = int(now().timestamp()) * 100
    await start_phones(phones, settings)
    try:
        here: dict[str, object] = {}
        for messenger, _dialect, token in emulated:
            here |= {f"{messenger.name}_token": SecretStr(token), f"{messenger.name}_api_url": phones.url}
            if messenger.has_proxy:
                here[f"{messenger.name}_proxy"] = ""
        page = f"http://{_shown(settings.host)}:{phones.port}/"

        def tell(running: Running) -> None:
            show_addresses(settings, accounts, phones=page, desk=desk)

        await serve(settings.model_copy(update=here), ProcessRole.SERVE, started=tell)
    finally:
        await phones.stop()
        say("Mizban has stopped.")


def sign_in_codes(accounts: Sequence[DemoAccount]) -> list[tuple[str, str, int]]:
    """The code that the sign-in of each demo account asks for now, and the seconds that it is still shown."""
    moment = now()
    left = second_factor.SECONDS - int(moment.timestamp()) % second_factor.SECONDS
    return [
        (account.username, second_factor.code_at(account.secret, now=moment), left)
        for account in accounts
        if account.secret
    ]


async def start_phones(phones: Emulator, settings: Settings) -> None:
    """Listen on the usual port, or on a free one when another program, perhaps a second demonstration, takes it."""
    try:
        await phones.start(host=settings.host, port=0 if settings.port == PHONES_PORT else PHONES_PORT)
    except OSError:
        await phones.start(host=settings.host)


def show_addresses(settings: Settings, accounts: Sequence[DemoAccount], *, phones: str, desk: str) -> None:
    """Print the addresses, the accounts and how to stop."""
    say()
    say("Mizban is running, with demo data and nothing but this machine.")
    say()
    names = " and ".join(each.label.id for each in settings.messengers if each.dialect is not None)
    say(f"  {f'Two phones, {names}':<32}{phones}")
    say(f"  Back office                     {desk}")
    say()
    say(f"  Password of every demo account  {accounts[0].password if accounts else ''}")
    for account in accounts:
        say(f"    {account.username:<20}{account.about}{'; asks for a code' if account.secret else ''}")
    say()
    say("  The codes stand on the page of the phones, as an app would show them.")
    say()
    say(f"  Data are kept in {settings.home}/, the password in {demo_password_file(settings)}. After a new start")
    say("  the back office goes on where you left and the phones belong to new people.")
    say("  To begin anew, remove that folder. Stop with Ctrl+C.")
    say()


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or a free one when another program uses it."""
    if _is_free(host, wanted):
        return wanted
    with closing(socket.socket()) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _is_free(host: str, port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _shown(host: str) -> str:
    """The host by which a browser on this machine reaches it."""
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104  # compared with, not bound to
