"""Brings a database under the present secret key, and says what is left under the older ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from desk.identity import IdentityKeys
from desk.rekeying.actions import rewrite_some
from desk.rekeying.columns import ENCRYPTED
from desk.rekeying.queries import UNNAMED, left
from desk.rekeying.rows import LeftUnder
from desk.storage.encryption import UnreadableValue
from desk.storage.engine import Storage
from mizban.database import work
from mizban.keys import forget_secret, forgotten_secrets, id_of, load_identity_keys, older_secrets, present_secret
from mizban.settings import Settings
from mizban.troubles import Trouble

ROUNDS = 20
"""So often at most all tables are gone through: a row that was in use is written in a later round."""


def rewrite(settings: Settings, *, told: Callable[[str], None]) -> bool:
    """Write everything anew that is under an older key; `told` hears how far it is. False = something is left.

    Raises `Trouble`.
    """
    whole = [id_of(each) for each in older_secrets(settings)]
    if whole:
        numbers = load_identity_keys(settings)
        try:
            work(settings, lambda storage: rewrite_all(storage, numbers=numbers, told=told))
        except UnreadableValue as changed:
            raise Trouble(
                f"{changed}: somebody changed it in the database. Restore it from a back-up; then go on: "
                "mizban keys rewrite"
            ) from changed
    found = _left(settings)
    return not any(found[id].encrypted for id in whole if id in found)


async def rewrite_all(storage: Storage, *, numbers: IdentityKeys, told: Callable[[str], None]) -> None:
    """The same for an open database; chats are counted under `numbers`."""
    for _round in range(ROUNDS):
        in_round = 0
        for what in ENCRYPTED:
            done, after = 0, None
            while True:
                batch = await storage.write(rewrite_some, what=what, numbers=numbers, after=after)
                if batch.last is None:
                    break
                done, after = done + batch.rows, batch.last
                told(f"{what.table}: {done:,} rows written anew")
            in_round += done
        if not in_round:
            break
    await storage.empty_log()


def state(settings: Settings) -> list[str]:
    """A sentence for each key: what is left under it, and what may be done."""
    present = present_secret(settings)
    if present is None:
        raise Trouble("There is no secret key yet: it is made when Mizban first starts.")
    whole = [id_of(secret) for secret in older_secrets(settings)]
    kept = [each.id for each in forgotten_secrets(settings)]
    told = [f"The secret key is {id_of(present)}."]
    if not whole and not kept:
        return [*told, "There is no older one."]
    found = _left(settings)
    told += [_of_whole(id, found) for id in whole]
    told += [_of_forgotten(id, found) for id in kept]
    # Also under a forgotten one: a process that was not started again after the change went on writing with it.
    told += [
        f"{_values(found[id].values)} under {id}, which is not here: nobody can read that."
        for id in sorted(found.keys() - {UNNAMED, *whole})
        if found[id].encrypted
    ]
    return told


def forget(settings: Settings, id: str) -> str:
    """Forget an older secret under which nothing is encrypted any more; the sentence for the operator.

    Of one that finds what is still marked with it, that much is kept. Raises `Trouble`.
    """
    whole, kept = [id_of(each) for each in older_secrets(settings)], [each.id for each in forgotten_secrets(settings)]
    if id not in (*whole, *kept):
        raise Trouble(f"There is no older secret key {id} here; see: mizban keys")
    found = _left(settings)
    under = found.get(id, LeftUnder())
    if id in whole and under.encrypted:
        raise Trouble(f"{_encrypted(id, under)} Nothing was changed.")
    marks = _marks(id, found)
    if id not in whole and marks:
        raise Trouble(f"{_finds(id, marks)} Nothing was changed.")
    forget_secret(settings, id, wholly=not marks)
    if marks:
        return f"The secret key {id} is forgotten. {_finds(id, marks)} Start Mizban again, all its processes."
    return f"The secret key {id} is forgotten. Start Mizban again, all its processes."


def _left(settings: Settings) -> dict[str, LeftUnder]:
    async def look(storage: Storage) -> dict[str, LeftUnder]:
        return await storage.read(_counted)

    return work(settings, look)


def _counted(session: Session) -> dict[str, LeftUnder]:
    return left(session)


def _marks(id: str, found: Mapping[str, LeftUnder]) -> int:
    """The hashes that are found by this key alone, or may be: of old ones nobody knows by which."""
    return sum(sum(found[each].marks.values()) for each in (id, UNNAMED) if each in found)


def _of_whole(id: str, found: Mapping[str, LeftUnder]) -> str:
    under = found.get(id, LeftUnder())
    if under.encrypted:
        return _encrypted(id, under)
    marks = _marks(id, found)
    rest = f", and {marks:,} hashes that move when they are used next are found without it" if marks else ""
    return f"Nothing is left under the older key {id}{rest}: mizban keys forget {id}"


def _of_forgotten(id: str, found: Mapping[str, LeftUnder]) -> str:
    marks = _marks(id, found)
    return _finds(id, marks) if marks else f"Nothing is found by {id} any more: mizban keys forget {id}"


def _encrypted(id: str, under: LeftUnder) -> str:
    columns = len(under.encrypted)
    where = f"in {columns} column{'s' if columns > 1 else ''}"
    return f"{_values(under.values, where)} still under the older key {id}: mizban keys rewrite"


def _values(number: int, where: str = "") -> str:
    return " ".join(
        filter(None, (f"{number:,} value{'s' if number > 1 else ''}", where, "are" if number > 1 else "is"))
    )


def _finds(id: str, marks: int) -> str:
    return (
        f"By the part of {id} that decrypts nothing {marks:,} hashes are still found, of numbers, words and codes that "
        "nobody has written since."
    )
