"""Copies the chosen front-end files and their licences out of node_modules into backoffice/static/vendor/, and the
fonts of the ticket's picture into bot/channels/fonts/.

Standard library only, so that it runs before anything is installed. Run by `make install` after `npm ci`; the target
folders are ignored by git and laid anew each time, so a file taken off the list disappears.
"""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules"
TARGET = ROOT / "backoffice" / "static" / "vendor"
FONTS = ROOT / "bot" / "channels" / "fonts"
ICONS = ROOT / "scripts" / "icons.txt"
LICENCE_NAMES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "OFL.txt")


class Package(NamedTuple):
    """One npm package: where its files go below the vendor folder, and which of them are served."""

    name: str
    folder: str
    files: dict[str, str]


PACKAGES = (
    Package(
        "htmx.org",
        "htmx",
        {"dist/htmx.min.js": "htmx.min.js", "dist/ext/hx-sse.min.js": "hx-sse.min.js"},
    ),
    Package(
        "@tabler/core",
        "tabler",
        {
            "dist/css/tabler.rtl.min.css": "tabler.rtl.min.css",
            "dist/css/tabler.min.css": "tabler.min.css",
            "dist/js/tabler.min.js": "tabler.min.js",
        },
    ),
    Package("@popperjs/core", "popper", {}),  # inside tabler.min.js: only its licence is copied
    Package("@tabler/icons", "icons", {}),  # the chosen ones become one sprite, see icon_sprite
    Package(
        "@fontsource-variable/vazirmatn",
        "vazirmatn",
        {
            "index.css": "vazirmatn.css",
            "files/vazirmatn-arabic-wght-normal.woff2": "files/vazirmatn-arabic-wght-normal.woff2",
            "files/vazirmatn-latin-wght-normal.woff2": "files/vazirmatn-latin-wght-normal.woff2",
            "files/vazirmatn-latin-ext-wght-normal.woff2": "files/vazirmatn-latin-ext-wght-normal.woff2",
        },
    ),
    Package(
        "@majidh1/jalalidatepicker",
        "jalalidatepicker",
        {
            "dist/jalalidatepicker.min.js": "jalalidatepicker.min.js",
            "dist/jalalidatepicker.min.css": "jalalidatepicker.min.css",
        },
    ),
    Package("qr", "qr", {"decode.js": "decode.js", "index.js": "index.js"}),  # the reader takes tables of the writer
)

DRAWN_WITH = Package(
    "vazirmatn",
    "",
    {f"fonts/ttf/Vazirmatn-{weight}.ttf": f"Vazirmatn-{weight}.ttf" for weight in ("Regular", "Bold")},
)
"""The letters of the picture of a ticket: whole files, where the pages load parts of them."""


class FileMissingError(Exception):
    """A file of the list is missing in the installed package, whose new version has moved it."""


def copy_package(package: Package, *, source: Path, target: Path) -> str:
    """Copies one package's files and licence; returns its line for NOTICE.txt."""
    home = source / package.name
    if not home.is_dir():
        raise FileMissingError(f"{package.name} is not installed: run `npm ci --ignore-scripts` first")
    destination = target / package.folder
    destination.mkdir(parents=True, exist_ok=True)
    for origin, name in package.files.items():
        if not (home / origin).is_file():
            raise FileMissingError(f"{package.name} has no file {origin}")
        (destination / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(home / origin, destination / name)
    facts = json.loads((home / "package.json").read_text(encoding="utf-8"))
    for script in destination.glob("*.js"):
        script.write_text(with_version(script.read_text(encoding="utf-8"), version=facts["version"]), encoding="utf-8")
    licence = next((home / name for name in LICENCE_NAMES if (home / name).is_file()), None)
    if licence is not None:
        shutil.copyfile(licence, destination / "LICENSE")
    where = f"{package.folder}/LICENSE" if licence else "the first lines of each file"
    return f"{package.name} {facts['version']}: {facts['license']}, see {where}"


def with_version(script: str, *, version: str) -> str:
    """The script, whose imports of its own package name the version: no browser takes parts of two of them."""
    return re.sub(r"""(\bfrom\s*['"]\./[\w.-]+\.js)(?=['"])""", rf"\1?v={version}", script)


def icon_sprite(names: list[str], *, source: Path) -> str:
    """One SVG with a <symbol id=NAME> for each name; drawn in the text's own colour."""
    symbols = []
    for name in names:
        file = source / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
        if not file.is_file():
            raise FileMissingError(f"scripts/icons.txt: Tabler has no outline icon named {name}")
        body = file.read_text(encoding="utf-8").partition(">")[2].rpartition("</svg>")[0]
        shapes = re.sub(r"\s+", " ", re.sub(r'<path stroke="none" d="M0 0h24v24H0z"[^>]*/>', "", body)).strip()
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
            f' stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def icon_names(listing: str) -> list[str]:
    """The names of the list, without comments and empty lines."""
    lines = (line.strip() for line in listing.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def copy_frontend(*, source: Path = SOURCE, target: Path = TARGET, fonts: Path = FONTS) -> int:
    """Lays both folders anew; returns how many files they hold. Raises FileMissingError."""
    for folder in (target, fonts):
        if folder.exists():
            shutil.rmtree(folder)
    copy_package(DRAWN_WITH, source=source, target=fonts)
    notices = [copy_package(package, source=source, target=target) for package in PACKAGES]
    sprite = icon_sprite(icon_names(ICONS.read_text(encoding="utf-8")), source=source)
    (target / "icons.svg").write_text(sprite, encoding="utf-8")
    (target / "NOTICE.txt").write_text("\n".join(notices) + "\n", encoding="utf-8")
    return sum(1 for folder in (target, fonts) for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    try:
        print(f"front-end files copied: {copy_frontend()}")
    except FileMissingError as missing:
        sys.exit(f"copy_frontend: {missing}")
