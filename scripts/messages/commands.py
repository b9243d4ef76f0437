"""The commands of ``python -m scripts.messages``: extract, update, compile, check.

extract: source to ``messages.pot``. update: extract, then bring the catalogues into line, without guessing.
compile: write the ``.mo`` files. check: name every fault and end with 1 when there is one.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

from desk.language.catalogues import po_path
from desk.language.shown import Locale
from scripts.messages.checks import faults_of_catalogue, faults_of_template
from scripts.messages.extraction import NotLiteral
from scripts.messages.house_words import faults_of_staff, faults_of_wording, is_chat, is_staff
from scripts.messages.po_files import (
    Key,
    by_key,
    compile_catalogue,
    key_of,
    read_catalogue,
    translated,
    write_catalogue,
)

_ROOT = Path(__file__).parents[2]
_NOT_SOURCE = frozenset(("node_modules", "vendor", "var", "tests", "__pycache__"))


class Messages:
    """The messages of a source tree and its ``locales`` folder."""

    def __init__(self, root: Path) -> None:
        """Work on the tree below ``root``, which holds ``locales/babel.cfg``."""
        self._root = root
        self._locales = root / "locales"
        self._template = self._locales / "messages.pot"

    def extracted(self) -> dict[Key, Message]:
        """Return the messages in the source, each with the files it comes from; raises NotLiteral with the file."""
        with (self._locales / "babel.cfg").open(encoding="utf-8") as mapping:
            methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]  # Babel types it not
        places: dict[Key, set[str]] = {}
        reading = [""]
        try:
            for file, _line, message_id, _comments, context in extract_from_dir(
                self._root,
                methods,
                options,
                callback=lambda name, _method, _options: reading.append(name),
                directory_filter=_holds_source,
            ):
                places.setdefault((context or "", str(message_id)), set()).add(Path(file).as_posix())
        except NotLiteral as mistake:
            raise NotLiteral(mistake.line, file=Path(reading[-1]).as_posix()) from mistake
        return {
            key: Message(key[1], context=key[0] or None, locations=[(file, 0) for file in sorted(files)])
            for key, files in sorted(places.items())
        }

    def extract(self) -> dict[Key, Message]:
        """Write ``messages.pot`` and return its messages."""
        messages = self.extracted()
        write_catalogue(self._template, messages.values(), locale=None)
        return messages

    def update(self) -> None:
        """Extract, then give every catalogue exactly the messages there are.

        Translations nobody uses are kept as comments and come back with their message. Dari lists only what differs.
        """
        messages = self.extract()
        for locale in Locale:
            path = po_path(self._locales, locale)
            catalogue = read_catalogue(path)
            known = {key_of(message): message for message in catalogue.obsolete.values()} | by_key(catalogue)
            texts = {key: str(message.string or "") for key, message in known.items()}
            wanted = [key for key in messages if locale is Locale.FA or texts.get(key)]
            write_catalogue(
                path,
                [translated(key, texts.get(key, ""), fuzzy=key in known and known[key].fuzzy) for key in wanted],
                locale=locale.value,
                unused=[translated(key, text) for key, text in texts.items() if text and key not in messages],
            )

    def compile(self) -> None:
        """Write the ``.mo`` file of every catalogue there is."""
        for locale in Locale:
            path = po_path(self._locales, locale)
            if path.is_file():
                compile_catalogue(path)

    def faults(self) -> Iterator[str]:
        """Yield every fault as one line."""
        try:
            messages = self.extracted()
        except NotLiteral as mistake:
            yield f"source: {mistake}"
            return
        yield from faults_of_template(messages, by_key(read_catalogue(self._template)))
        shown: dict[Key, str] = {}  # Dari is read over Persian
        staff: dict[Key, str] = {}
        labels = {
            str(message.string) for locale in Locale for message in read_catalogue(po_path(self._locales, locale))
        }
        for locale in Locale:
            translations = by_key(read_catalogue(po_path(self._locales, locale)))
            yield from faults_of_catalogue(locale, messages, translations)
            for key, message in messages.items():
                told = str(translations[key].string or "") if key in translations else ""
                places = [place for place, _line in message.locations]
                if told and is_chat(places):
                    shown[key] = told
                if told and is_staff(places):
                    staff[key] = told
            yield from faults_of_wording(locale, shown)
            yield from faults_of_staff(locale, staff, labels=labels)


def _holds_source(directory: str) -> bool:
    name = Path(directory).name
    return not name.startswith(".") and name not in _NOT_SOURCE


def main(arguments: list[str], *, root: Path = _ROOT) -> int:
    """Run one command; return the exit code."""
    messages = Messages(root)

    def check() -> int:
        faults = list(messages.faults())
        sys.stdout.writelines(f"{fault}\n" for fault in faults)
        return 1 if faults else 0

    commands: dict[str, Callable[[], object]] = {
        "extract": messages.extract,
        "update": messages.update,
        "compile": messages.compile,
        "check": check,
    }
    if len(arguments) != 1 or arguments[0] not in commands:
        sys.stderr.write(f"usage: python -m scripts.messages {'|'.join(commands)}\n")
        return 2
    result = commands[arguments[0]]()
    return result if isinstance(result, int) else 0
