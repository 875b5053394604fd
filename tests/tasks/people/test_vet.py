"""Who checked what is written down, and a level needs as many different people as ocs.yaml asks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from ocs.adapters.files import Files
from ocs.errors import OcsError
from ocs.rules.records.schema import Schemas
from ocs.tasks.people.vet import plan_suspend, plan_vet
from ocs.tasks.registry.carryout import carry_out
from ocs.tasks.registry.validate import validate

TODAY = date(2026, 2, 28)
REGISTRY = """\
== ocs.yaml
name: X
gatekeepers: [{person: amara}, {person: joost}]
vetting: {levels: [newcomer, known, vouched, vetted], lasts: 12 months, checkers: 2}
== people/amara.yaml
name: Amara
== people/joost.yaml
name: Joost
== people/lena.yaml
name: Lena
== people/sam.yaml
name: Sam
"""


@pytest.fixture
def files(write: Callable[[str], Files]) -> Files:
    return write(REGISTRY)


@pytest.fixture
def vet(files: Files, schemas: Schemas) -> Callable[..., str]:
    """Writes what was checked; what the record says then."""

    def planned_and_applied(level: str, by: str, kind: str = "met", on: date = TODAY) -> str:
        made = plan_vet("lena", level, [kind], by, on, files=files, schemas=schemas)
        assert made.findings == ()
        carry_out(made, files.root)
        return (files.root / "vetting/lena.yaml").read_text()

    return planned_and_applied


def test_one_person_is_enough_for_known(vet: Callable[..., str]) -> None:
    assert vet("known", "amara") == (
        "level: known\nsince: 2026-02-28\nexpires: 2027-02-28\n"
        "checks:\n  - kind: met\n    by: amara\n    date: 2026-02-28\n"
    )


def test_above_known_the_level_waits_for_somebody_else(
    vet: Callable[..., str], files: Files, schemas: Schemas
) -> None:
    assert "level: known\n" in vet("vetted", "amara")
    assert "level: known\n" in vet("vetted", "amara", "called")
    text = vet("vetted", "joost", on=date(2026, 3, 31))
    assert text.startswith("level: vetted\nsince: 2026-03-31\nexpires: 2027-03-31\n")
    assert text.count("- kind:") == 3
    assert not [
        each
        for each in validate(files, schemas, TODAY).findings
        if each.code == "few-checkers"
    ]


def test_a_check_renews_a_vetting_and_keeps_comments(
    vet: Callable[..., str], files: Files
) -> None:
    path = files.root / "vetting/lena.yaml"
    path.parent.mkdir()
    path.write_text(
        "level: known   # since the summer\nexpires: 2025-01-01\nchecks: [{kind: met, by: amara, date: 2024-01-01}]\n"
    )
    assert vet("known", "joost").startswith(
        "level: known   # since the summer\nexpires: 2027-02-28\n"
    )


@pytest.mark.parametrize(
    ("person", "level", "by", "message"),
    [
        ("amara", "known", "amara", "amara cannot check their own vetting"),
        ("lena", "known", "sam", "sam is not a gatekeeper"),
        ("lena", "knwon", "amara", "there is no level 'knwon'"),
        ("leena", "known", "amara", "no person has the id 'leena'"),
        ("lena", "known", "nobody", "no person has the id 'nobody'"),
    ],
)
def test_what_is_no_vetting_is_refused(
    person: str, level: str, by: str, message: str, files: Files, schemas: Schemas
) -> None:
    with pytest.raises(OcsError, match=message):
        plan_vet(person, level, ["met"], by, TODAY, files=files, schemas=schemas)


def test_a_suspension_takes_effect_at_once_though_they_still_read_something(
    vet: Callable[..., str], files: Files, schemas: Schemas
) -> None:
    vet("vetted", "amara")
    vet("vetted", "joost")
    for path, text in (
        ("orgs/river.yaml", "name: River\nsensitivity: high\ngatekeepers: [amara, joost]\n"),
        ("access/river/login.yaml", "purpose: x\nreaders: [{person: lena}]\n"),
    ):
        (files.root / path).parent.mkdir(parents=True)
        (files.root / path).write_text(text)
    made = plan_suspend("lena", "key lost", TODAY, files=files, schemas=schemas)
    carry_out(made, files.root)
    text = (files.root / "vetting/lena.yaml").read_text()
    assert text.endswith("suspended:\n  since: 2026-02-28\n  because: key lost\n")
    codes = {each.code for each in validate(files, schemas, TODAY).findings}
    assert "suspended-reader" in codes
    with pytest.raises(OcsError, match="has already been suspended since 2026-02-28"):
        plan_suspend("lena", None, TODAY, files=files, schemas=schemas)
    with pytest.raises(OcsError, match="was never vetted"):
        plan_suspend("sam", None, TODAY, files=files, schemas=schemas)


def test_an_old_id_that_two_claim_names_nobody(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    claims = "== people/lena.yaml\nname: Lena\nformerly: [leni]\n"
    claims += "== people/sam.yaml\nname: Sam\nformerly: [leni]\n"
    files = write(REGISTRY + claims)
    with pytest.raises(OcsError, match="'leni' was the id of people/lena and people/sam"):
        plan_suspend("leni", None, TODAY, files=files, schemas=schemas)
