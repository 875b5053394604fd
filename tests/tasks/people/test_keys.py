"""Certificates are taken in and brought up to date whole or not at all, and nothing in them is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.adapters.packets import read_certificate
from ocs.errors import OcsError
from ocs.rules.records.schema import Schemas
from ocs.tasks.people import keys as task
from ocs.tasks.registry.carryout import carry_out
from ocs.tasks.registry.certificates import certificate_files, keyring_of
from ocs.workspace import keyrings
from tests.conftest import CERTIFICATES
from tests.gpg import KEYRINGS, home, needs_gpg, packet, packets

pytestmark = needs_gpg
TODAY = date(2026, 6, 1)
SAM, SAM_2028, REVOKED, YARA = (
    (CERTIFICATES / f"{name}.asc").read_bytes()
    for name in ("sam", "sam-2028", "sam-revoked", "yara")
)


@pytest.fixture
def files(write: Callable[[str], Files]) -> Files:
    return write(
        "== ocs.yaml\nname: X\n== people/sam.yaml\nname: Sam\n== people/yara.yaml\nname: Yara\n"
    )


@pytest.fixture
def take_in(files: Files, schemas: Schemas) -> Callable[[str, bytes], task.Plan]:
    """Imports a certificate, in full."""

    def plan_and_apply(person: str, data: bytes) -> task.Plan:
        plan = task.plan_import(person, data, "given", files, schemas, keyrings(TODAY), TODAY)
        carry_out(plan, files.root)
        return plan

    return plan_and_apply


@pytest.fixture
def renew(files: Files, schemas: Schemas) -> Callable[[str, bytes], task.Plan]:
    """Refreshes a certificate, in full."""

    def plan_and_apply(person: str, data: bytes) -> task.Plan:
        plan = task.plan_refresh(person, data, files, schemas, keyrings(TODAY), TODAY)
        carry_out(plan, files.root)
        return plan

    return plan_and_apply


def in_registry(files: Files, person: str = "sam") -> bytes:
    return (files.root / "keys" / f"{person}.asc").read_bytes()


def test_what_is_taken_in_is_armored_and_says_the_same(
    files: Files, take_in: Callable[[str, bytes], task.Plan]
) -> None:
    take_in("sam", read_certificate(SAM).data)
    assert in_registry(files).startswith(b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n")
    assert read_certificate(in_registry(files)) == read_certificate(SAM)
    assert [each.name for each in (files.root / "keys").iterdir()] == ["sam.asc"]


def test_nothing_is_written_of_what_is_refused(
    files: Files, take_in: Callable[[str, bytes], task.Plan]
) -> None:
    for data in (
        b"",
        b"rubbish",
        REVOKED,
        SAM + YARA,
        (CERTIFICATES / "old-dsa.asc").read_bytes(),
    ):
        assert take_in("sam", data).report.is_refused
    assert not (files.root / "keys").exists()


def test_nobody_takes_the_key_of_another(
    files: Files, take_in: Callable[[str, bytes], task.Plan]
) -> None:
    take_in("sam", SAM)
    (reason,) = take_in("yara", SAM).report.reasons
    assert (reason.code, reason.fault.message) == (
        "adopted-key",
        "this is the certificate of sam",
    )
    assert [each.name for each in (files.root / "keys").iterdir()] == ["sam.asc"]


def test_the_own_file_of_somebody_else_is_theirs(
    files: Files, schemas: Schemas, take_in: Callable[[str, bytes], task.Plan]
) -> None:
    take_in("sam", SAM)
    plan = task.plan_import(
        "yara", SAM, "keys/sam.asc", files, schemas, keyrings(TODAY), TODAY
    )
    assert [reason.fault.message for reason in plan.report.reasons] == [
        "this is the certificate of sam"
    ]


def test_rubbish_is_told_where_there_is_a_certificate_already(
    take_in: Callable[[str, bytes], task.Plan],
) -> None:
    take_in("sam", SAM)
    assert [reason.code for reason in take_in("sam", b"# Read me").report.reasons] == [
        "unfit-certificate"
    ]


def test_a_certificate_is_not_put_over_another(
    files: Files,
    take_in: Callable[[str, bytes], task.Plan],
    renew: Callable[[str, bytes], task.Plan],
) -> None:
    take_in("sam", SAM)
    with pytest.raises(OcsError, match="already holds this key"):
        take_in("sam", SAM_2028)
    for over in (take_in, renew):
        with pytest.raises(OcsError, match="holds another key, B0CB"):
            over("sam", YARA)
    with pytest.raises(OcsError, match=r"there is no certificate keys/yara\.asc"):
        renew("yara", YARA)
    with pytest.raises(
        OcsError, match="the new copy cannot be used: this is not OpenPGP data"
    ):
        renew("sam", b"rubbish")
    assert read_certificate(in_registry(files)) == read_certificate(SAM)


def test_a_revocation_is_never_lost(
    files: Files,
    take_in: Callable[[str, bytes], task.Plan],
    renew: Callable[[str, bytes], task.Plan],
) -> None:
    take_in("sam", SAM)
    assert renew("sam", REVOKED).changes == ("it was revoked",)
    for older in (SAM, SAM_2028, REVOKED):
        plan = renew("sam", older)
        assert [reason.code for reason in plan.report.reasons] == ["revoked-key"]


def test_an_older_copy_takes_nothing_back(
    files: Files,
    take_in: Callable[[str, bytes], task.Plan],
    renew: Callable[[str, bytes], task.Plan],
) -> None:
    take_in("sam", SAM_2028)
    before = in_registry(files)
    assert renew("sam", SAM).changes == ()
    assert in_registry(files) == before


def test_a_file_that_changes_meanwhile_is_not_written_over(
    files: Files, schemas: Schemas, take_in: Callable[[str, bytes], task.Plan]
) -> None:
    take_in("sam", SAM)
    plan = task.plan_refresh("sam", SAM_2028, files, schemas, keyrings(TODAY), TODAY)
    (files.root / "keys" / "sam.asc").write_bytes(REVOKED)
    with pytest.raises(OcsError, match="changed while ocs ran"):
        carry_out(plan, files.root)
    assert in_registry(files) == REVOKED


def test_what_a_stranger_added_does_not_come_along(
    files: Files,
    take_in: Callable[[str, bytes], task.Plan],
    renew: Callable[[str, bytes], task.Plan],
) -> None:
    take_in("sam", SAM)
    strangers = packet(13, b"Sam (new) <mallory@x>") + packet(13, b"\x1b[2J")
    yaras = b"".join(
        whole for tag, whole in packets(read_certificate(YARA).data) if tag in (14, 2)
    )
    assert renew("sam", read_certificate(SAM).data + yaras + strangers).changes == ()
    assert read_certificate(in_registry(files)) == read_certificate(SAM)
    with pytest.raises(OcsError, match="gpg's trust data"):
        renew("sam", read_certificate(SAM).data + packet(12, b"\x00\x03"))


def test_signatures_of_others_stay_outside(
    files: Files, take_in: Callable[[str, bytes], task.Plan]
) -> None:
    with home() as other:
        other.make("Mallory")
        other.gpg("--import", input=SAM)
        sams = read_certificate(SAM).fingerprint
        other.gpg("--passphrase", "", "--quick-sign-key", sams)
        take_in("sam", other.export(sams))
    assert read_certificate(in_registry(files)) == read_certificate(SAM)


def test_the_keyring_of_a_registry_has_all_that_may_be_used(
    files: Files, take_in: Callable[[str, bytes], task.Plan]
) -> None:
    take_in("sam", SAM)
    take_in("yara", YARA)
    (files.root / "keys" / "kim.asc").write_bytes(b"rubbish")
    (files.root / "keys" / "lea.asc").symlink_to("sam.asc")
    keyring = keyring_of(certificate_files(files), keyrings(TODAY))
    assert set(keyring.certificates) == {
        read_certificate(SAM).fingerprint,
        read_certificate(YARA).fingerprint,
    }


def test_a_user_id_steers_no_terminal(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from ocs.cli import app

    with home() as other:
        made = other.make("\u202e\u0085[red]x[/red] \u2028%s")
        (tmp_path / "new.asc").write_bytes(other.export(made))
    for options in ([], ["--json"]):
        out = (
            CliRunner()
            .invoke(app, ["key", "check", str(tmp_path / "new.asc"), *options])
            .output
        )
        assert "[red]x[/red]" in out
        assert not set("\u202e\u0085\u2028\x1b") & set(out)


def test_a_file_of_many_is_judged_one_by_one(tmp_path: Path) -> None:
    data = b"".join(read_certificate(each).data for each in (SAM, REVOKED, YARA))
    judged = task.file_reports(data, "many", keyrings(TODAY), TODAY)
    assert len(judged) == 3
    # Two copies of one key are one key: what one of them revokes is revoked.
    assert [each.is_refused for each in judged] == [True, True, False]
    (rubbish,) = task.file_reports(b"\x99rubbish", "rubbish", keyrings(TODAY), TODAY)
    assert rubbish.is_refused


@pytest.mark.peers
@pytest.mark.skipif(
    not KEYRINGS["archlinux"].exists(), reason="archlinux-keyring is not installed"
)
def test_every_certificate_of_a_project_is_judged_with_a_reason() -> None:
    judged = task.file_reports(
        KEYRINGS["archlinux"].read_bytes(), "arch", keyrings(TODAY), TODAY
    )
    assert len(judged) > 100
    assert all(reason.fault.hint for each in judged for reason in each.reasons)
    assert {reason.code for each in judged for reason in each.reasons} >= {
        "weak-key",
        "expired-key",
        "endless-key",
        "broken-digest",
        "no-encryption-key",
    }
    assert not any(
        reason.code == "unfit-certificate" for each in judged for reason in each.reasons
    )
