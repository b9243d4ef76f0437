"""Commands that start Mizban: all in one process, each part by itself, or the demonstration."""

from __future__ import annotations


def serve() -> None:
    """Everything in one process: pages, bots, delivery and timetable."""
    from mizban.process import ProcessRole, run_role

    run_role(ProcessRole.SERVE)


def web() -> None:
    """The back office and the messengers' webhooks."""
    from mizban.process import ProcessRole, run_role

    run_role(ProcessRole.WEB)


def bot() -> None:
    """The bots: long polling, or the registration of webhooks where MIZBAN_PUBLIC_URL is set."""
    from mizban.process import ProcessRole, run_role

    run_role(ProcessRole.BOT)


def worker() -> None:
    """Delivery of messages, and the timetable."""
    from mizban.process import ProcessRole, run_role

    run_role(ProcessRole.WORKER)


def demo() -> None:
    """Everything with demo data and two emulated phones; nothing leaves this machine."""
    from mizban.demo import run_demo

    run_demo()
