"""Secrets from files, a password apart from its address, and pages that speak https themselves."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import ValidationError

from desk.clock import SystemClock
from mizban.front import Front, Server, listen
from mizban.settings import Settings, WrongSetting, load_settings
from tests.mizban.test_front import Healthy
from tests.ports import free_port

SECRET = "a secret that lies in a file of its own"


def _files(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / name).write_text(f"{text}\n")
    return folder


def test_settings_are_read_from_the_folder_of_secrets(tmp_path: Path) -> None:
    found = load_settings(secrets=_files(tmp_path, mizban_secret_key=SECRET, mizban_telegram_token=""))

    assert found.secret_key.get_secret_value() == SECRET
    assert not found.has_bots


def test_the_environment_goes_before_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIZBAN_SECRET_KEY", SECRET.upper())

    assert load_settings(secrets=_files(tmp_path, mizban_secret_key=SECRET)).secret_key.get_secret_value().isupper()


def test_a_wrong_secret_in_a_file_is_named_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match=r"^MIZBAN_SECRET_KEY is shorter") as told:
        load_settings(secrets=_files(tmp_path, mizban_secret_key="short"))

    assert "short'" not in str(told.value)


def test_without_a_folder_of_secrets_nothing_is_missing(tmp_path: Path) -> None:
    assert load_settings(secrets=tmp_path / "nowhere").secret_key.get_secret_value() == ""


@pytest.mark.parametrize(
    ("address", "used"),
    [
        ("postgresql+asyncpg://mizban@db/mizban", "postgresql+asyncpg://mizban:p%40ss@db/mizban"),
        ("postgresql+asyncpg://mizban:own@db/mizban", "postgresql+asyncpg://mizban:own@db/mizban"),
        ("sqlite:////tmp/a.sqlite3", "sqlite:////tmp/a.sqlite3"),
    ],
)
def test_the_password_stands_apart_from_the_address(address: str, used: str) -> None:
    found = Settings(database_url=address, database_listen_url="", database_password="p@ss")

    assert found.database == used
    assert "p@ss" not in repr(found)
    assert "p%40ss" not in repr(found)


def test_the_address_where_changes_are_heard_has_the_same_password() -> None:
    found = Settings(database_listen_url="postgresql+asyncpg://mizban@db/mizban", database_password="word")

    assert found.listen_url == "postgresql+asyncpg://mizban:word@db/mizban"


def test_certificate_and_key_come_together_and_are_there(tmp_path: Path) -> None:
    certificate, key = _certificate(tmp_path)

    assert Settings(tls_certificate=certificate, tls_key=key).tls_key == key
    for only in ({"tls_certificate": certificate}, {"tls_key": key}):
        with pytest.raises(ValidationError, match="set together"):
            Settings(**only)
    with pytest.raises(ValidationError, match="names a file that is not there"):
        Settings(tls_certificate=certificate, tls_key=tmp_path / "gone")


async def test_with_a_certificate_the_pages_speak_https(tmp_path: Path) -> None:
    certificate, key = _certificate(tmp_path)
    settings = Settings(port=free_port(), tls_certificate=certificate, tls_key=key)
    front = Front(health=Healthy(), hooks={})  # type: ignore[arg-type]  # a stand-in
    server = Server(front, settings=settings)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve(sockets=[listen(settings)]))
        await server.ready.wait()
        async with httpx.AsyncClient(verify=ssl.create_default_context(cafile=certificate)) as browser:
            answer = await browser.get(f"https://127.0.0.1:{settings.port}/health")
        server.stop()

    assert answer.status_code == 200


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that stands for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = SystemClock().now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "tls.crt", folder / "tls.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private
