"""Files of the emulator: kept in memory, named by file_id, fetched by a path that getFile gave out within the hour."""

import secrets
from dataclasses import dataclass

from emulator.wire import Json, Upload, bad_request

LINK_LIFETIME = 3600.0
_FOLDERS = {"photo": "photos", "document": "documents", "voice": "voice", "sticker": "stickers"}
_EXTENSIONS = {"photo": "jpg", "voice": "oga", "sticker": "webp"}


@dataclass(slots=True)
class StoredFile:
    """One file. `link_until` is the unix time up to which its path answers."""

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    content: bytes
    path: str
    width: int = 0
    height: int = 0
    link_until: float = 0.0


class FileStore:
    """All files of all bots of the emulator; ids are opaque and never repeat."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._by_unique: dict[str, StoredFile] = {}

    def add(self, kind: str, upload: Upload) -> StoredFile:
        """Keep a file and return it with its ids."""
        number = len(self._by_id)
        suffix = upload.name.rpartition(".")[2] if "." in upload.name else _EXTENSIONS.get(kind, "bin")
        extension = _EXTENSIONS.get(kind, suffix)
        stored = StoredFile(
            file_id=f"{kind[:3].upper()}ACAg{secrets.token_urlsafe(24)}",
            unique_id=f"AQAD{secrets.token_urlsafe(8)}",
            kind=kind,
            name=upload.name,
            mime=upload.content_type,
            content=upload.content,
            path=f"{_FOLDERS.get(kind, 'files')}/file_{number}.{extension}",
        )
        if kind == "photo":
            stored.width, stored.height = image_size(upload.content) or (0, 0)
        self._by_id[stored.file_id] = self._by_path[stored.path] = self._by_unique[stored.unique_id] = stored
        return stored

    def get(self, file_id: str) -> StoredFile | None:
        """Return a file by its id."""
        return self._by_id.get(file_id)

    def by_path(self, path: str, *, now: float) -> StoredFile | None:
        """Return a file by the path getFile gave out, None when the link is older than an hour."""
        stored = self._by_path.get(path)
        return stored if stored is not None and now <= stored.link_until else None

    def by_unique(self, unique_id: str) -> StoredFile | None:
        """Return a file for the phone page."""
        return self._by_unique.get(unique_id)


def media_json(stored: StoredFile, *, duration: int = 0) -> Json:
    """Return the fields a message carries for this file."""
    base: Json = {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "file_size": len(stored.content)}
    if stored.kind == "photo":
        width, height = stored.width or 1, stored.height or 1
        small = {
            **base,
            "width": max(1, width * 90 // max(width, height)),
            "height": max(1, height * 90 // max(width, height)),
        }
        return {"photo": [small, {**base, "width": width, "height": height}]}
    if stored.kind == "voice":
        return {"voice": {**base, "duration": duration, "mime_type": stored.mime or "audio/ogg"}}
    if stored.kind == "sticker":
        looks = {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular", "emoji": "🙂"}
        return {"sticker": {**base, **looks}}
    return {"document": {**base, "file_name": stored.name, "mime_type": stored.mime or "application/octet-stream"}}


def image_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG, JPEG or GIF; None when the bytes are no picture."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    if content[:6] in {b"GIF87a", b"GIF89a"}:
        return int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return 512, 512
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 < len(content) and content[position] == 0xFF:
        marker, length = content[position + 1], int.from_bytes(content[position + 2 : position + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height = int.from_bytes(content[position + 5 : position + 7], "big")
            return int.from_bytes(content[position + 7 : position + 9], "big"), height
        position += 2 + length
    return (1, 1)


def too_big_for_photo(size: int, limit: int) -> Exception:
    """Return the refusal of a photo above the limit (bytes)."""
    return bad_request(f"file of size {size} bytes is too big for a photo; the maximum size is {limit} bytes")
