"""The command line; each command imports what it needs when it runs, so that `mizban --help` is fast."""

from __future__ import annotations

import typer

from mizban.commands import catalogue, draw, history, keeping, keys, people, probing, running

app = typer.Typer(
    help="Mizban: turns, fees, papers and complaints for foreign nationals, by Telegram and Bale, and the back office.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

for start in (running.serve, running.web, running.bot, running.worker, running.demo):
    app.command()(start)
app.command()(keeping.migrate)
app.command()(keeping.seed)
app.command()(keeping.plan)
app.command()(keeping.verify)
app.command()(keeping.seal)
app.command()(keeping.backup)
app.command()(keeping.restore)
app.command()(keeping.erase_again)
app.add_typer(keys.app, name="keys")
app.add_typer(people.app, name="staff")
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(history.app, name="log")
app.add_typer(draw.app, name="draw")
app.command()(probing.probe)
