"""The lexicons: what people write when they want something, as data beside the translations of each language."""

import tomllib
from pathlib import Path
from typing import Any

from desk.language.catalogues import default_directory
from desk.language.shown import Locale


def lexicons(directory: Path | None = None) -> list[dict[str, Any]]:
    """Return the lexicon of every language, as its file holds it; they are read together."""
    folder = directory or default_directory()
    return [tomllib.loads((folder / locale.value / "lexicon.toml").read_text(encoding="utf-8")) for locale in Locale]
