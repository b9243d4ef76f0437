"""Reading and writing catalogue files so that the same messages always make the same bytes."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

_WIDTH = 110
Key = tuple[str, str]  # context, id


def read_catalogue(path: Path) -> Catalog:
    """Return the catalogue in a ``.po`` or ``.pot`` file; an absent file is an empty one."""
    if not path.is_file():
        return Catalog(charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, charset="utf-8", abort_invalid=True)


def key_of(message: Message) -> Key:
    """Return what tells messages apart."""
    return (message.context or "", str(message.id))


def by_key(catalogue: Catalog) -> dict[Key, Message]:
    """Return the messages of a catalogue, its header left out."""
    return {key_of(message): message for message in catalogue if message.id}


def header(locale: str | None) -> str:
    """Return the head of a file; no dates, so that nothing changes when nothing changed."""
    fields = ["Project-Id-Version: mizban", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]
    fields.append("Content-Transfer-Encoding: 8bit")
    if locale:
        fields += [f"Language: {locale}", "Plural-Forms: nplurals=1; plural=0;"]
    lines = "".join(f'"{field}\\n"\n' for field in fields)
    return f'msgid ""\nmsgstr ""\n{lines}\n'


def write_catalogue(
    path: Path, messages: Iterable[Message], *, locale: str | None, unused: Iterable[Message] = ()
) -> None:
    """Write messages in the order of context and id; ``unused`` translations stay as comments at the end."""
    catalogue = Catalog(charset="utf-8", fuzzy=False)
    for message in sorted(messages, key=key_of):
        catalogue[message.id] = message
    for message in sorted(unused, key=key_of):
        catalogue.obsolete[key_of(message)] = message
    body = BytesIO()
    write_po(body, catalogue, width=_WIDTH, omit_header=True, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((header(locale).encode() + body.getvalue()).rstrip(b"\n") + b"\n")


def translated(key: Key, text: str, *, fuzzy: bool = False) -> Message:
    """Return a message with its translation and nothing else."""
    return Message(key[1], string=text, context=key[0] or None, flags={"fuzzy"} if fuzzy else set())


def compile_catalogue(po: Path) -> Path:
    """Write the compiled ``.mo`` beside a ``.po`` and return its path."""
    mo = po.with_suffix(".mo")
    with po.open("rb") as source, mo.open("wb") as target:
        write_mo(target, read_po(source, charset="utf-8"))
    return mo
