"""`mizban staff`: manages accounts of the back office; the command line may do anything."""

from __future__ import annotations

from typing import Annotated, Any

import typer

app = typer.Typer(help="Accounts of the back office.", no_args_is_help=True, rich_markup_mode=None)

Username = Annotated[str, typer.Argument(help="3 to 40 small Latin letters, digits, dots, dashes; a letter first")]


@app.command("list")
def list_accounts() -> None:
    """Every account with its roles."""
    from mizban.accounts import accounts
    from mizban.console import say, table

    rows = _at_the_desk(lambda storage: storage.read(accounts))
    if not rows:
        say("There is no account yet; make one with: mizban staff add NAME --role administrator --nation")
        return
    table(
        ("username", "name", "roles", "state"),
        [
            (
                row.username,
                row.name,
                ", ".join(roles) or "-",
                "open" if row.is_active else "closed",
            )
            for row, roles in rows
        ],
    )


@app.command()
def add(
    username: Username,
    role: Annotated[str, typer.Option(help="clerk, marshal, desk_officer, office_manager, province_officer, …")],
    name: Annotated[str, typer.Option(help="the name colleagues see; by default the username")] = "",
    office: Annotated[str, typer.Option(help="the role holds in the office of this code")] = "",
    province: Annotated[str, typer.Option(help="the role holds in this province, such as IR-30")] = "",
    nation: Annotated[bool, typer.Option("--nation", help="the role holds everywhere")] = False,
) -> None:
    """Make an account; its password is printed once and has to be changed at the first sign-in."""
    from desk.acting import SYSTEM
    from desk.clock import now
    from desk.staff.actions import create
    from mizban.accounts import new_password, role_of
    from mizban.console import say

    password = new_password()

    async def make(storage: Any) -> int:
        held = await storage.read(role_of, role=role, office=office, province=province, nation=nation)
        made: int = await storage.write(
            create,
            username=username,
            name=name or username,
            password=password,
            roles=[held],
            actor=SYSTEM,
            now=now(),
        )
        return made

    _at_the_desk(make)
    say(f"{username} may sign in. The password, shown only this once: {password}")


@app.command()
def reset(
    username: Username,
    factor: Annotated[bool, typer.Option("--factor", help="take the second step of a lost phone away instead")] = False,
) -> None:
    """Give an account a new password, printed once and good for a day, or take a lost phone's second step away.

    Both end its sessions.
    """
    from desk.acting import SYSTEM
    from desk.clock import now
    from desk.staff.actions import set_password
    from desk.staff.second_factor import reset as reset_factor
    from mizban.accounts import member_named, new_password
    from mizban.console import say

    password = new_password()

    async def forget(storage: Any) -> None:
        member = await storage.read(member_named, username=username)
        await storage.write(reset_factor, member_id=member.id, actor=SYSTEM, now=now())

    if factor:
        _at_the_desk(forget)
        say(f"{username} signs in with the password alone; where a role asks for it, a new phone is connected then.")
        return

    async def change(storage: Any) -> None:
        member = await storage.read(member_named, username=username)
        await storage.write(set_password, member_id=member.id, password=password, actor=SYSTEM, now=now())

    _at_the_desk(change)
    say(f"The new password of {username}, shown only this once: {password}")


@app.command()
def deactivate(username: Username) -> None:
    """Close an account and end its sessions; what it did stays on record."""
    from desk.acting import SYSTEM
    from desk.clock import now
    from desk.staff.actions import deactivate as close
    from mizban.accounts import member_named
    from mizban.console import say

    async def change(storage: Any) -> None:
        member = await storage.read(member_named, username=username)
        await storage.write(close, member_id=member.id, actor=SYSTEM, now=now())

    _at_the_desk(change)
    say(f"The account {username} is closed.")


def _at_the_desk(task: Any) -> Any:
    from mizban.database import work
    from mizban.settings import load_settings

    return work(load_settings(), task)
