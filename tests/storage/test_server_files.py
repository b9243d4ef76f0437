"""Looking through the files of a server stumbles over none that the server has taken away."""

from __future__ import annotations

from pathlib import Path

from tests.server_files import contents


def test_a_file_that_is_gone_is_left_out_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    stays, goes = tmp_path / "16384", tmp_path / "pg_internal.init"
    stays.write_bytes(b"rows")
    assert list(contents([goes, tmp_path / "folder", stays])) == [("16384", b"rows")]
