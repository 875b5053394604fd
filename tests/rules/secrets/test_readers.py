"""Who reads a secret, of values alone."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, timedelta

import pytest

from ocs.model.access import Access, Reader
from ocs.model.certificate import Certificate, CertificateFile, Key, Outline, Subkey, UserId
from ocs.model.kinds import KIND
from ocs.model.record import Record
from ocs.model.registry import Document, Registry
from ocs.rules.secrets.gpgids import CHECKS, gpg_id_file, gpg_id_of
from ocs.rules.secrets.readers import (
    access_of,
    conflicts_of,
    contested,
    current_readers,
    fingerprint_of,
    gatekeepers_of,
    key_faults,
    key_ids,
    level_needed,
    obstacles,
    owner_of,
    owners_gatekeepers,
    readers_of,
    vetting_faults,
    vetting_of,
    who_reads,
)

LAST = date(2026, 11, 20)
DAY = timedelta(days=1)
LOGIN = Access(
    id="river/login",
    purpose="to get in",
    readers=(Reader(person="lena", until=LAST), Reader(person="sam")),
)


def names(today: date) -> list[tuple[int, str]]:
    return [(number, reader.person) for number, reader in current_readers(LOGIN, today)]


def test_the_last_day_of_somebodys_access_belongs_to_it() -> None:
    both, one = [(0, "lena"), (1, "sam")], [(1, "sam")]
    assert [names(day) for day in (LAST - DAY, LAST, LAST + DAY)] == [both, both, one]


def test_whose_access_has_ended_is_no_reader() -> None:
    registry = Registry((document("access", LOGIN),))
    assert who_reads("river/login", registry, LAST) == {"lena", "sam"}
    assert who_reads("river/login", registry, LAST + DAY) == {"sam"}
    assert list(readers_of("river/login", registry, LAST + DAY)) == ["sam"]


AMARA, LENA = "A" * 40, "B" * 40
REGISTRY = f"""\
== ocs.yaml
name: Helping Hands
gatekeepers: [{{person: ama, key: {AMARA}}}, {{person: joost}}]
== people/amara.yaml
name: Amara
formerly: [ama]
== people/joost.yaml
name: Joost
== people/lena.yaml
name: Lena
conflicts: [{{with: river}}, {{with: creek}}, {{with: hoster}}, {{with: walks}}, {{with: other}}]
== people/sam.yaml
name: Sam
== people/maya.yaml
name: Maya
== people/eve.yaml
name: Eve
formerly: [bob]
== people/mallory.yaml
name: Mallory
formerly: [bob]
== vetting/joost.yaml
level: vetted
suspended: {{since: 2026-11-20}}
== vetting/lena.yaml
level: vouched
expires: 2026-11-20
== vetting/sam.yaml
level: vetted
== vetting/maya.yaml
level: unheard-of
suspended: {{since: 2026-11-20, because: she asked}}
expires: 2026-11-19
== orgs/river.yaml
name: River House
formerly: [creek]
sensitivity: high
gatekeepers: [ama, joost]
suppliers: [{{id: hoster}}]
== orgs/house.yaml
name: House
sensitivity: medium
== orgs/hut.yaml
name: Hut
formerly: [twice]
== orgs/barn.yaml
name: Barn
formerly: [twice]
== orgs/bad.yaml
nam: Bad
== communities/walks.yaml
name: Walks
gatekeepers: [joost]
== access/river/login.yaml
purpose: x
readers: [{{person: amara}}, {{person: lena}}]
== access/river/bad.yaml
purpos: x
"""


@pytest.fixture
def registry(registry_of: Callable[[str], Registry]) -> Registry:
    """A registry in which everybody and everything lacks something else."""
    return registry_of(REGISTRY)


def test_the_owner_of_a_secret_is_known_by_an_old_id(registry: Registry) -> None:
    secrets = ("river/login", "creek/login", "walks/x", "bad/x", "nobody/x", "twice/x")
    owners = [owner_of(secret, registry) for secret in secrets]
    assert [owner and owner.id for owner in owners] == [
        "river",
        "river",
        "walks",
        None,
        None,
        None,
    ]


def test_gatekeepers_read_first_and_nobody_stands_twice(registry: Registry) -> None:
    readers = readers_of("river/login", registry, LAST)
    assert [(person, place.file, place.steps) for person, place in readers.items()] == [
        ("amara", "orgs/river.yaml", ("gatekeepers", 0)),
        ("joost", "orgs/river.yaml", ("gatekeepers", 1)),
        ("lena", "access/river/login.yaml", ("readers", 1, "person")),
    ]
    assert [
        (person, place.file, place.steps) for person, place in owners_gatekeepers(registry)
    ] == [
        ("ama", "orgs/river.yaml", ("gatekeepers", 0)),
        ("joost", "orgs/river.yaml", ("gatekeepers", 1)),
        ("joost", "communities/walks.yaml", ("gatekeepers", 0)),
    ]
    assert gatekeepers_of(owner_of("river/x", registry), registry) == ("amara", "joost")
    assert gatekeepers_of(None, registry) == ()


def test_a_record_that_does_not_fit_its_schema_is_none(registry: Registry) -> None:
    login = access_of("river/login", registry)
    assert login is not None
    assert login.id == "river/login"
    assert access_of("river/bad", registry) is None
    assert access_of("river/none", registry) is None
    sams = vetting_of("sam", registry)
    assert sams is not None
    assert sams.id == "sam"
    assert vetting_of("amara", registry) is None


def test_the_owners_sensitivity_says_which_level_is_needed(registry: Registry) -> None:
    secrets = ("river/x", "house/x", "hut/x", "walks/x", "nobody/x")
    assert [level_needed(secret, registry) for secret in secrets] == [
        "vetted",
        "vouched",
        "vetted",
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("person", "needed", "faults"),
    [
        ("amara", "vetted", ["was never vetted"]),
        ("sam", "vetted", []),
        ("sam", None, []),
        ("lena", "vetted", ["has the level vouched instead of vetted"]),
        ("lena", "vouched", []),
        ("lena", "known", []),
        ("joost", "known", ["has been suspended since 2026-11-20"]),
        (
            "maya",
            "newcomer",
            [
                "has a vetting that expired on 2026-11-19",
                "has been suspended since 2026-11-20: she asked",
                "has the level unheard-of instead of newcomer",
            ],
        ),
    ],
)
def test_what_a_vetting_lacks_is_told(
    person: str, needed: str | None, faults: list[str], registry: Registry
) -> None:
    assert [fault for fault, _ in vetting_faults(person, needed, registry, LAST)] == faults


def test_how_to_vet_somebody_is_told_with_the_level_that_is_needed(registry: Registry) -> None:
    def command(level: str) -> str:
        return f"run `ocs vet amara --level {level} --check KIND --by GATEKEEPER`"

    for needed, level in ((None, "newcomer"), ("vouched", "vouched")):
        assert [hint for _, hint in vetting_faults("amara", needed, registry, LAST)] == [
            command(level)
        ]


def test_a_conflict_is_one_with_the_owner_or_its_suppliers(registry: Registry) -> None:
    assert conflicts_of("lena", "river/login", registry) == ["creek", "hoster", "river"]
    assert conflicts_of("lena", "walks/x", registry) == ["walks"]
    assert conflicts_of("lena", "other/x", registry) == ["other"]
    assert conflicts_of("lena", "house/x", registry) == []
    assert conflicts_of("sam", "river/login", registry) == []
    assert conflicts_of("nobody", "river/login", registry) == []


def test_an_id_that_two_records_claim_names_nobody(registry: Registry) -> None:
    ((message, _),) = contested("person", "bob", registry)
    assert (
        message
        == "people/eve and people/mallory claim the id 'bob', so ocs cannot tell who has it"
    )
    assert list(contested("person", "ama", registry)) == []
    assert list(contested("person", "nobody", registry)) == []


def messages(
    people: Collection[str], secret: str, registry: Registry
) -> list[tuple[str, str]]:
    return [
        (obstacle.person, obstacle.message)
        for obstacle in obstacles(people, secret, registry, LAST)
    ]


def test_what_keeps_somebody_from_reading_is_told_for_each(registry: Registry) -> None:
    none = "there is no certificate of"
    assert messages(["amara", "joost", "lena", "nobdy"], "river/login", registry) == [
        ("amara", f"{none} amara"),
        ("joost", "ocs.yaml lists no key of the gatekeeper joost"),
        ("joost", "joost has been suspended since 2026-11-20"),
        ("joost", f"{none} joost"),
        ("lena", "lena has the level vouched instead of vetted"),
        ("lena", "lena has a conflict with creek"),
        ("lena", "lena has a conflict with hoster"),
        ("lena", "lena has a conflict with river"),
        ("lena", f"{none} lena"),
        ("nobdy", "no person has the id 'nobdy'"),
    ]
    ((_, bob), (_, twice)) = (
        *messages(["bob"], "house/x", registry),
        *messages([], "twice/x", registry),
    )
    assert bob.startswith("people/eve and people/mallory claim the id 'bob'")
    assert twice.startswith("orgs/barn and orgs/hut claim the id 'twice'")
    assert [
        obstacle.hint for obstacle in obstacles(["lenna", "x"], "house/x", registry, LAST)
    ] == ["did you mean 'lena'?", "add people/x.yaml"]


def test_a_gpg_id_has_the_keys_of_the_owners_gatekeepers(registry: Registry) -> None:
    assert gpg_id_of("", registry) == f"{AMARA}\n".encode()
    assert gpg_id_of("river", registry) == f"{AMARA}\n".encode()
    assert gpg_id_of("walks", registry) is None
    assert gpg_id_of("nobody", registry) is None
    assert [gpg_id_file(owner) for owner in ("", "river")] == [
        "secrets/.gpg-id",
        "secrets/river/.gpg-id",
    ]


def test_a_gpg_id_is_wrong_or_missing_or_right(registry: Registry) -> None:
    right = f"{AMARA}\n".encode()

    def codes(**texts: bytes | None) -> dict[str, list[str]]:
        named = {owner.replace("top", ""): text for owner, text in texts.items()}
        with_texts = replace(registry, certificates={}, gpg_ids=named)
        return {
            check.code: [place.file for place in finding.places]
            for check in CHECKS
            for finding in check.findings(with_texts, LAST)
        }

    assert codes(top=right, river=right, walks=None) == {}
    assert codes(top=None, river=None, walks=None) == {
        "missing-gpg-id": ["secrets/.gpg-id", "secrets/river/.gpg-id"]
    }
    assert codes(top=b"", river=right, walks=None) == {"wrong-gpg-id": ["secrets/.gpg-id"]}
    assert codes(walks=right) == {"wrong-gpg-id": ["secrets/walks/.gpg-id"]}


def key(fingerprint: str) -> Key:
    return Key(fingerprint, "EdDSA", None, date(2025, 1, 1))


END = LAST + 300 * DAY
PRIMARY = Subkey(key(LENA), frozenset("sc"), END)
SUBKEY = Subkey(key("C" * 40), frozenset("e"), END)
CERTIFICATE = Certificate(PRIMARY, (SUBKEY,), (UserId("Lena"),), frozenset({8}))
FILE = CertificateFile(
    "keys/lena.asc",
    "lena",
    outline=Outline(key(LENA), (key("C" * 40), key("D" * 40)), 1, b""),
    certificate=CERTIFICATE,
    was_asked=True,
    vetted=frozenset({LENA}),
)


@pytest.mark.parametrize(
    ("file", "ids"),
    [
        (FILE, "BC"),
        (replace(FILE, vetted=frozenset()), "BC"),
        (replace(FILE, certificate=None, was_asked=False), "BCD"),
        (replace(FILE, certificate=None), ""),
        (replace(FILE, vetted=frozenset({AMARA})), ""),
        (replace(FILE, vetted=frozenset({AMARA, LENA})), ""),
        (replace(FILE, outline=None), ""),
    ],
)
def test_a_persons_keys_are_those_that_the_primary_key_signed(
    file: CertificateFile, ids: str
) -> None:
    assert key_ids(file) == {letter * 16 for letter in ids}


@pytest.mark.parametrize(
    ("file", "faults"),
    [
        (FILE, []),
        (None, ["there is no certificate of lena"]),
        (replace(FILE, vetted=frozenset()), ["the key of lena was not vetted"]),
        (
            replace(FILE, certificate=None, was_asked=False),
            ["the certificate of lena was not verified"],
        ),
        (
            replace(FILE, outline=None, certificate=None, was_asked=False, fault="rubbish"),
            ["the certificate of lena: rubbish"],
        ),
        # A warning refuses nothing.
        (replace(FILE, certificate=replace(CERTIFICATE, digests=frozenset({2}))), []),
    ],
)
def test_why_nothing_is_encrypted_to_a_certificate_is_told(
    file: CertificateFile | None, faults: list[str]
) -> None:
    registry = Registry((), certificates={"lena": file} if file else {})
    assert [fault for fault, _ in key_faults("lena", registry, LAST)] == faults


def test_the_fingerprint_is_that_of_the_primary_key() -> None:
    held = {"lena": FILE, "sam": replace(FILE, outline=None)}
    registry = Registry((), certificates=held)
    found = [fingerprint_of(person, registry) for person in ("lena", "sam", "joost")]
    assert found == [LENA, None, None]
    assert fingerprint_of("lena", Registry(())) is None


def document(kind: str, record: Record) -> Document:
    return Document(KIND[kind], record.id, KIND[kind].file(record.id), {}, record)
