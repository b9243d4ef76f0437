"""The catalogue as a file: out and in again is the same, and what the back office would refuse is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.mizban.conftest import Mizban, Told

Catalogue = dict[str, Any]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.json"


@pytest.fixture
def exported(seeded: Mizban, file: Path) -> Catalogue:
    """The demo's catalogue with a paper and a fee of a province added, as a file says it."""
    assert seeded("catalogue", "export", str(file)).code == 0
    data: Catalogue = json.loads(file.read_text())
    return data


def bring(mizban: Mizban, file: Path, data: Catalogue) -> Told:
    """Import this."""
    file.write_text(json.dumps(data, ensure_ascii=False))
    return mizban("catalogue", "import", str(file))


def paper(title: str) -> dict[str, Any]:
    return {"title": {"fa": title}, "note": None, "document_kind": "passport", "is_optional": True}


def fee(**changes: Any) -> dict[str, Any]:
    return {
        "province": "IR-30",
        "rial": 350_000,
        "per_person": True,
        "valid_from": "2026-11-01",
        "valid_to": None,
        "source": {"fa": "بخشنامهٔ استان"},
        "source_date": "2026-10-20",
        "confirmed_on": "2026-10-25",
        **changes,
    }


def test_out_and_in_again_changes_nothing(seeded: Mizban, exported: Catalogue, file: Path) -> None:
    count = len(exported["services"])
    told = bring(seeded, file, exported)
    assert (told.code, told.out) == (0, f"0 new, 0 changed, {count} were already so.\n")


@pytest.mark.requirement("002-11", "M")
def test_another_installation_gets_the_same_catalogue(
    seeded: Mizban, exported: Catalogue, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = exported["services"][0]
    first["papers"] = [paper("اصل گذرنامه")]
    first |= {"paper_province": "own", "needs_slip": True, "slip_from": {"fa": "دفتر کفالت"}}
    first["travel_kinds"] = ["amayesh", "hoviat"]
    first["is_per_household"] = True
    first["steps"] = [{"title": {"fa": "مراجعه"}, "agency": {"fa": "دفتر"}, "is_inquiry": True}]
    in_tehran = [fee(province="IR-23", valid_to="2027-03-20"), fee(province="IR-23", valid_from="2027-03-21")]
    first["fees"] += [*in_tehran, fee()]
    assert bring(seeded, file, exported).out.startswith("0 new, 1 changed")
    monkeypatch.setenv("MIZBAN_HOME", str(tmp_path / "elsewhere"))
    assert seeded("seed", "--demo").code == 0
    assert bring(seeded, file, exported).code == 0
    assert json.loads(seeded("catalogue", "export").out) == exported


def without_appointments(data: Catalogue) -> Catalogue:
    """The file, in which no service can be booked any more."""
    return {**data, "services": [{**each, "is_bookable": False} for each in data["services"]]}


def test_a_file_that_takes_appointments_away_is_refused_until_somebody_decides(
    seeded: Mizban, exported: Catalogue, file: Path
) -> None:
    refused = bring(seeded, file, without_appointments(exported))
    kept = json.loads(seeded("catalogue", "export").out)
    wordless = seeded("catalogue", "import", str(file), "--people", "cancel")
    odd = seeded("catalogue", "import", str(file), "--people", "move")

    assert [refused.code, wordless.code, odd.code] == [2, 2, 2]
    assert "people have a turn for" in refused.err
    assert kept == exported

    done = seeded("catalogue", "import", str(file), "--people", "cancel", "--why", "این خدمت دیگر نوبتی نیست.")
    assert done.code == 0, done.err
    assert "are being told" in done.out
    assert json.loads(seeded("catalogue", "export").out) == without_appointments(exported)
    assert bring(seeded, file, exported).code == 0
    # A cancelled appointment is not affected again.
    assert bring(seeded, file, without_appointments(exported)).code == 0


def test_a_demand_for_a_copy_is_refused_and_nothing_is_imported(
    seeded: Mizban, exported: Catalogue, file: Path
) -> None:
    exported["services"][0]["title"] = {"fa": "نامی دیگر"}
    exported["services"][-1]["papers"] = [paper("کپی گذرنامه")]
    told = bring(seeded, file, exported)
    assert told.code == 2
    assert told.err.count("\n") == 1
    now = json.loads(seeded("catalogue", "export").out)
    assert now["services"][0]["title"] != {"fa": "نامی دیگر"}


def test_a_fee_is_confirmed_or_ended_but_never_written_over(seeded: Mizban, exported: Catalogue, file: Path) -> None:
    service = exported["services"][0]
    service["fees"].append(fee(confirmed_on=None))
    assert bring(seeded, file, exported).code == 0
    service["fees"][-1] |= {"confirmed_on": "2026-11-20", "valid_to": "2027-03-20"}
    assert bring(seeded, file, exported).code == 0
    assert json.loads(seeded("catalogue", "export").out) == exported
    service["fees"][-1]["rial"] = 999_000
    assert bring(seeded, file, exported).code == 2, "another amount from the same day on is a contradiction"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda data: data.pop("format"), "not a catalogue file"),
        (lambda data: data["services"][1].pop("papers"), "Service 2 of the file"),
        (lambda data: data["services"][0].update(colour="red"), "missing or unknown: colour"),
        (lambda data: data["services"][0].update(title=None), "a title and a short title"),
        (lambda data: data["services"][0].update(channel="moon"), "Service 1 of the file"),
        (lambda data: data["services"][0]["fees"].append(fee(province="XX")), "there is no province XX"),
        (lambda data: data["services"][0]["fees"].append(fee(rial=1.5)), "a whole number of rial"),
        (lambda data: data["services"][0]["fees"].append(fee(valid_from="soon")), "Service 1 of the file"),
    ],
)
def test_what_is_not_a_catalogue_is_refused_in_one_sentence(
    seeded: Mizban, exported: Catalogue, file: Path, spoil: Any, told: str
) -> None:
    spoil(exported)
    answer = bring(seeded, file, exported)
    assert answer.code == 2
    assert told in answer.err
    assert answer.err.count("\n") == 1


def test_a_file_that_is_no_json_is_refused(seeded: Mizban, file: Path) -> None:
    file.write_bytes(b"\xff\xfe{}")
    assert seeded("catalogue", "import", str(file)).code == 2
