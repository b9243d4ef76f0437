"""`mizban keys`: keeps the secret key safe, and encrypts and decrypts what is piped through."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The secret key: keeping it, and what is encrypted.", rich_markup_mode=None)

Identity = Annotated[Path, typer.Option("--identity", help="the file with the private key")]


@app.callback(invoke_without_command=True)
def state(context: typer.Context) -> None:
    """Keep the secret key, change it, and see what is left under an older one; alone it says that."""
    if context.invoked_subcommand is not None:
        return
    from mizban.console import say
    from mizban.rekeying import state as state_of
    from mizban.settings import load_settings

    for sentence in state_of(load_settings()):
        say(sentence)


@app.command()
def pair(file: Annotated[Path, typer.Argument(help="where the private key goes; carry it off this machine")]) -> None:
    """Make a pair of keys: the private one goes into a new file, the public one is printed."""
    import os

    from mizban.age import new_pair
    from mizban.console import refuse, say

    private, public = new_pair()
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        refuse(f"{file} is there already; give another name.")
    with os.fdopen(descriptor, "w") as opened:
        opened.write(f"# public key: {public}\n{private}\n")
    say(public)


@app.command("export")
def export_key(
    recipient: Annotated[str, typer.Argument(help="the public key (age1…) of who keeps the secret")],
    file: Annotated[Path, typer.Argument(help="the file that is written")],
) -> None:
    """Write the secret key, encrypted to another public key than the back-ups', so that it outlives the machine."""
    from desk.clock import now
    from mizban.console import say
    from mizban.key_export import export_secret
    from mizban.settings import load_settings

    number = export_secret(load_settings(), to=recipient, file=file, now=now())
    say(f"The secret key {number} is in {file}. Keep it elsewhere, apart from the back-ups.")


@app.command("import")
def import_key(
    file: Annotated[Path, typer.Argument(help="a file that `mizban keys export` wrote")], identity: Identity
) -> None:
    """Put an exported secret key into the home folder of a machine that has none."""
    from mizban.age import identities
    from mizban.console import say
    from mizban.key_export import import_secret
    from mizban.settings import load_settings

    say(f"The secret key {import_secret(load_settings(), file, by=identities(identity))} is here.")


@app.command()
def change() -> None:
    """Draw a new secret key; the present one goes on reading what was written with it. Mizban must not be running."""
    from mizban.console import say
    from mizban.keys import change_secret
    from mizban.settings import load_settings

    new, old = change_secret(load_settings())
    say(f"The secret key is {new} now; {old} goes on reading. Start Mizban again, all its processes.")
    say("Export the new one before the next back-up: mizban keys export PUBLIC-KEY FILE")
    say("What stands in the database comes under the new one by: mizban keys rewrite")


@app.command()
def rewrite() -> None:
    """Write everything anew that an older key encrypted; it goes on where it was broken off. Mizban may be running."""
    from mizban.console import fail, say
    from mizban.rekeying import rewrite as rewrite_database
    from mizban.rekeying import state as state_of
    from mizban.settings import load_settings

    settings = load_settings()
    is_done = rewrite_database(settings, told=say)
    for sentence in state_of(settings):
        say(sentence)
    if not is_done:
        fail("Rows were in use meanwhile, or a process still writes with an older key; do it once more.")


@app.command()
def forget(older: Annotated[str, typer.Argument(metavar="ID", help="as `mizban keys` names it")]) -> None:
    """Forget an older key under which nothing is left; of what still finds hashes, only that part is kept."""
    from mizban.console import say
    from mizban.rekeying import forget as forget_key
    from mizban.settings import load_settings

    say(forget_key(load_settings(), older))


@app.command()
def encrypt() -> None:
    """Encrypt standard input to MIZBAN_BACKUP_RECIPIENT, such as what pg_dump writes."""
    from mizban.console import refuse
    from mizban.pipes import encrypt as encrypt_stream
    from mizban.settings import load_settings

    if sys.stdout.isatty():
        refuse("What is encrypted goes into a file: mizban keys encrypt < FILE > FILE.age")
    encrypt_stream(load_settings(), sys.stdin.buffer, sys.stdout.buffer)
    sys.stdout.buffer.flush()


@app.command()
def decrypt(identity: Identity) -> None:
    """Decrypt standard input, such as for pg_restore; a dump only where its secret key is on this machine."""
    from mizban.age import identities
    from mizban.pipes import decrypt as decrypt_stream
    from mizban.settings import load_settings

    decrypt_stream(load_settings(), sys.stdin.buffer, sys.stdout.buffer, by=identities(identity))
