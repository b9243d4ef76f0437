"""The translations: gettext files read through Babel, with Dari falling back to Persian and Persian to the id."""

import gettext
from pathlib import Path

from babel.messages.pofile import read_po

from desk.language.shown import Locale

_PACKED = Path(__file__).with_name("locales")
_IN_REPOSITORY = Path(__file__).parents[2] / "locales"
_CONTEXT_END = "\x04"  # the separator of context and id in gettext


def default_directory() -> Path:
    """Return where the catalogues are: inside an installed package, else at the root of the repository."""
    return _PACKED if _PACKED.is_dir() else _IN_REPOSITORY


def po_path(directory: Path, locale: Locale) -> Path:
    """Return the place of a language's catalogue."""
    return directory / locale.value / "LC_MESSAGES" / "messages.po"


class Catalogues:
    """All translations, read once. A compiled ``.mo`` is used while it is newer than its ``.po``."""

    def __init__(self, directory: Path | None = None) -> None:
        """Read the catalogues below ``directory``; a language without files has no translations."""
        self._directory = directory or default_directory()
        self._messages = {locale: _read(po_path(self._directory, locale)) for locale in Locale}
        self._missing: set[tuple[str, str]] = set()

    def message(self, locale: Locale, context: str, message_id: str) -> str:
        """Return the translation: Dari, else Persian, else the id itself, which is then recorded as missing."""
        key = f"{context}{_CONTEXT_END}{message_id}"
        found = self._messages[locale].get(key) or self._messages[Locale.FA].get(key)
        if found:
            return found
        self._missing.add((context, message_id))
        return message_id

    @property
    def missing(self) -> frozenset[tuple[str, str]]:
        """The (context, id) pairs asked for that have no Persian translation."""
        return frozenset(self._missing)


def _read(po: Path) -> dict[str, str]:
    mo = po.with_suffix(".mo")
    if mo.is_file() and (not po.is_file() or mo.stat().st_mtime >= po.stat().st_mtime):
        with mo.open("rb") as file:
            compiled = gettext.GNUTranslations(file)
        # The standard library's table is private, and nothing else lists the entries; Babel cannot list contexts.
        table: dict[object, str] = vars(compiled)["_catalog"]
        return {key: text for key, text in table.items() if isinstance(key, str) and key and text}
    if not po.is_file():
        return {}
    with po.open("rb") as file:
        catalogue = read_po(file, charset="utf-8")
    return {
        f"{message.context}{_CONTEXT_END}{message.id}" if message.context else str(message.id): str(message.string)
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }
