"""What must hold in a registry: each rule on a small one that stands as text in the test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from ocs.adapters.files import Files
from ocs.model.finding import Finding, Severity
from ocs.rules.checks import CHECKS
from ocs.rules.records import filechecks, references
from ocs.rules.records.dates import dates_yet_to_come
from ocs.rules.records.ids import ids_used_twice
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.validate import validate

TODAY = date(2026, 11, 20)
Found = Callable[..., list[str]]


@pytest.fixture
def judge(
    write: Callable[[str], Files], schemas: Schemas
) -> Callable[..., tuple[Finding, ...]]:
    alone = [
        check.code
        for check in (
            *filechecks.CHECKS,
            *references.CHECKS,
            ids_used_twice,
            dates_yet_to_come,
        )
    ]
    return lambda text, *paths: (
        validate(write(text), schemas, TODAY, paths or None, only=alone).findings
    )


@pytest.fixture
def found(judge: Callable[..., tuple[Finding, ...]]) -> Found:
    """The findings in short: `code file:line:column` for each place, then what is said."""

    def in_short(text: str, *paths: str) -> list[str]:
        told = []
        for finding in judge(text, *paths):
            places = [
                f"{place.file}:{place.span.line}:{place.span.column}"
                if place.span
                else place.file
                for place in finding.places
            ]
            told.append(
                f"{finding.code} {' '.join(places)} | {finding.message} | {finding.hint}"
            )
        return told

    return in_short


PEOPLE = "== people/ana.yaml\nname: Ana\n== people/joost.yaml\nname: Joost\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "== problems/x1.yaml\nsymptoms: [{seen: X}]\n",
            "missing-field problems/x1.yaml | the field 'title' is missing | write for example: title: ",
        ),
        (
            "== problems/x1.yaml\ntitle: X\nsymptoms: []\n",
            "bad-value problems/x1.yaml:2:11 | must not be empty | write for example: symptoms: [{says: ",
        ),
        (
            "== problems/x1.yaml\ntitle: X\nsymptoms: [{says: A, seen: B}]\n",
            "missing-field problems/x1.yaml:2:12 | exactly one of 'says' or 'seen' is needed here",
        ),
        (
            "== problems/x1.yaml\ntitle: X\nsymptoms: it is slow\n",
            "bad-value problems/x1.yaml:2:11 | must be a list, not 'it is slow' | write: - says: it is slow",
        ),
        (
            "== problems/x1.yaml\ntitle: X\nsymptoms: [{seen: X}]\ntags: [a, a]\n",
            "bad-value problems/x1.yaml:3:7 | must not list anything twice | keep one of them",
        ),
        (
            "== people/x1.yaml\nname: X\nstate: active\n",
            "unknown-field people/x1.yaml:2:1 | there is no field 'state' here | did you mean 'status'?",
        ),
        (
            "== people/x1.yaml\nname: X\ntelephone: 0123\n",
            "unknown-field people/x1.yaml:2:1 | there is no field 'telephone' here | known here: name, status",
        ),
        (
            "== people/x1.yaml\nname: X\nstatus: activ\n",
            "bad-value people/x1.yaml:2:9 | must be applicant, active, away or alumni, not 'activ' | "
            "did you mean 'active'?",
        ),
        (
            "== people/x1.yaml\nname: X\nhours_a_week: a few\n",
            "bad-value people/x1.yaml:2:15 | must be a whole number, not 'a few' | write for example: hours_a_week: 3",
        ),
        (
            "== people/x1.yaml\nname: X\nhours_a_week: -1\n",
            "bad-value people/x1.yaml:2:15 | must be at least 0, not '-1'",
        ),
        (
            "== people/x1.yaml\nname: X\nlanguages: {Deutsch: native}\n",
            "bad-value people/x1.yaml:2:13 | 'Deutsch' must be a language code such as 'de' or 'pt-BR'",
        ),
        (
            "== people/x1.yaml\nname: X\nlanguages: {no: some}\n",
            "bad-value people/x1.yaml:2:17 | must be native, fluent, good or basic, not 'some'",
        ),
        (
            "== people/x1.yaml\nname: X\njoined: 2026-02-30\n",
            "bad-value people/x1.yaml:2:9 | must be a date such as 2026-11-20, not '2026-02-30'",
        ),
        (
            "== people/x1.yaml\nname: X\njoined: 20. November\n",
            "bad-value people/x1.yaml:2:9 | must be a date such as 2026-11-20, not '20. November'",
        ),
        (
            "== people/x1.yaml\nname: ''\n",
            "bad-value people/x1.yaml:1:7 | must not be empty | write for example: name: Lena Brandt",
        ),
        (
            "== people/x1.yaml\nname: |\n  A\n  B\n",
            "bad-value people/x1.yaml:1:7 | must be one line of text",
        ),
        (
            "== ocs.yaml\nname: X\nocs: 2\n",
            "bad-value ocs.yaml:2:6 | must be 1, not '2'; this version of ocs supports no other",
        ),
    ],
)
def test_what_does_not_fit_its_schema_is_told_with_what_to_write(
    found: Found, text: str, told: str
) -> None:
    (only,) = found(text)
    assert told in only


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("levels: new, trusted", "known here: "),
        ("vetting: new", "write: levels: new"),
        ("gatekeepers: [ana]", "write: person: ana"),
        ("gatekeepers: ana", "write: - person: ana"),
        ("also: notes, drafts", "write: also: [notes, drafts]"),
        (
            "description: [a, b]",
            "write it as one text: `description: |`, and its lines below, indented",
        ),
        ("password: x", "never write a secret into a record: remove it and change it"),
    ],
)
def test_a_value_of_another_type_is_told_as_it_should_be(
    found: Found, line: str, hint: str
) -> None:
    (only,) = found(f"== ocs.yaml\nname: X\n{line}\n")
    assert hint in only


def test_a_phone_number_is_no_name_of_a_secret(found: Found) -> None:
    (only,) = found(
        '== orgs/x1.yaml\nname: X\ncontacts: [{id: office, call_back: "+49 221 555123"}]\n'
    )
    assert "must be the name of a secret" in only
    assert "access/" not in only


def test_the_nearest_secret_is_one_of_the_same_owner(found: Found) -> None:
    access = "== access/x1/wp-admin.yaml\npurpose: X\n== access/y1/phone-chair.yaml\npurpose: X\n== orgs/y1.yaml\nname: Y\n"
    contact = "== orgs/x1.yaml\nname: X\ncontacts: [{id: chair, call_back: phone-chair}]\n"
    (only,) = found(access + contact)
    assert only.endswith("| add access/x1/phone-chair.yaml, or correct 'x1/phone-chair'")


def test_a_renamed_owner_keeps_its_secrets(found: Found) -> None:
    assert not found(
        "== orgs/new1.yaml\nname: X\nformerly: [old1]\nsystems: [{id: web, secrets: [login]}]\n"
        "== access/old1/login.yaml\npurpose: X\n"
    )
    assert not found(
        "== orgs/new1.yaml\nname: X\nformerly: [old1]\ncontacts: [{id: chair, call_back: old1/phone}]\n"
        "== access/new1/phone.yaml\npurpose: X\n"
    )


def test_all_that_is_wrong_in_a_file_is_told_at_once(found: Found) -> None:
    told = found("== people/x1.yaml\nstatus: x\njoined: y\nfoo: z\n")
    assert [line.split()[0] for line in told] == [
        "missing-field",
        "bad-value",
        "bad-value",
        "unknown-field",
    ]


def test_a_value_that_fails_in_several_ways_is_told_once(found: Found) -> None:
    assert len(found("== ocs.yaml\nname: X\nrenew_by: soon\n")) == 1


REFERENCES = {
    "== vetting/zoe.yaml\nlevel: known\n": "unknown-person vetting/zoe.yaml | no person has the id 'zoe'",
    "== orgs/x1.yaml\nname: X\ngatekeepers: [anna]\n": "unknown-person orgs/x1.yaml:2:15",
    "== communities/x1.yaml\nname: X\nleads: [{role: peer, person: an}]\n": "unknown-person communities/x1.yaml:2:30",
    "== communities/x1.yaml\nname: X\nleads: [{role: peer, group: yy}]\n": "unknown-community communities/x1.yaml:2:29",
    "== communities/x1.yaml\nname: X\npart_of: [why]\n": "unknown-community communities/x1.yaml:2:11",
    "== communities/x1.yaml\nname: X\nsuccession: {recovery: why}\n": "unknown-community communities/x1.yaml:2:24",
    "== communities/x1.yaml\nname: X\nkind: club\n": "unknown-community-kind communities/x1.yaml:2:7",
    "== communities/x1.yaml\nname: X\nleads: [{role: peer, person: ana, speaks_for: [tea]}]\n": (
        "unknown-action communities/x1.yaml:2:48"
    ),
    "== communities/x1.yaml\nname: X\nresources: [{name: y, custodian: zoe}]\n": "unknown-person communities/x1.yaml:2:34",
    "== communities/x1.yaml\nname: X\nresources: [{name: y, secrets: [login]}]\n": (
        "unknown-secret communities/x1.yaml:2:33 | the secret 'x1/login' has no access record | "
        "add access/x1/login.yaml"
    ),
    "== orgs/x1.yaml\nname: X\ncontacts: [{id: office, call_back: yy/phone}]\n": "unknown-secret orgs/x1.yaml:2:36",
    "== orgs/x1.yaml\nname: X\nsystems: [{id: web, needs: [server]}, {id: server1}]\n": (
        "unknown-system orgs/x1.yaml:2:29 | no system has the id 'server' | did you mean 'server1'?"
    ),
    "== orgs/x1.yaml\nname: X\nsystems: [{id: web, hosted_by: hoster}]\n": "unknown-supplier orgs/x1.yaml:2:32",
    "== orgs/x1.yaml\nname: X\nbackups: [{id: bb, covers: [cloud]}]\n": (
        "unknown-system orgs/x1.yaml:2:29 | no system has the id 'cloud' | this record has no systems"
    ),
    "== orgs/x1.yaml\nname: X\nsensitivity: huge\n": (
        "unknown-sensitivity orgs/x1.yaml:2:14 | no class of sensitivity is called 'huge' | "
        "use low, medium or high (see ocs.yaml)"
    ),
    "== vetting/ana.yaml\nlevel: veted\n": (
        "unknown-level vetting/ana.yaml:1:8 | no vetting level is called 'veted' | did you mean 'vetted'?"
    ),
    "== vetting/ana.yaml\nlevel: known\nchecks: [{kind: met, by: jost, date: 2026-01-01}]\n": (
        "unknown-person vetting/ana.yaml:2:26 | no person has the id 'jost' | did you mean 'joost'?"
    ),
    "== ocs.yaml\nname: X\ngatekeepers: [{person: zoe}]\n": "unknown-person ocs.yaml:2:24",
    "== ocs.yaml\nname: X\nsensitivity: {low: friend}\n": "unknown-level ocs.yaml:2:20",
    "== access/nobody/login.yaml\npurpose: X\n": (
        "unknown-owner access/nobody/login.yaml | no organisation or community has the id 'nobody'"
    ),
    "== problems/x1.yaml\ntitle: X\nsymptoms: [{seen: X}]\nrelated: [why]\n": "unknown-problem problems/x1.yaml:3:11",
    "== people/x1.yaml\nname: X\nconflicts: [{with: nobody}]\n": "unknown-party people/x1.yaml:2:20",
}


@pytest.mark.parametrize("text", REFERENCES)
def test_every_reference_names_something(found: Found, text: str) -> None:
    (only,) = found(PEOPLE + text)
    assert only.startswith(REFERENCES[text]) or REFERENCES[text] in only


def test_a_conflict_with_nobody_known_is_a_warning(
    judge: Callable[..., tuple[Finding, ...]],
) -> None:
    (finding,) = judge("== people/x1.yaml\nname: X\nconflicts: [{with: nobody}]\n")
    assert finding.severity is Severity.WARNING


def test_references_that_name_something_are_no_finding(found: Found) -> None:
    assert not found(
        PEOPLE
        + """\
== ocs.yaml
name: X
gatekeepers: [{person: ana}]
actions: [tea]
== orgs/x1.yaml
name: X
gatekeepers: [ana, joost]
contacts: [{id: office, call_back: x1/phone}]
suppliers: [{id: hoster}]
systems: [{id: web, needs: [db], secrets: [phone]}, {id: db, hosted_by: hoster}]
backups: [{id: bb, covers: [web]}]
== access/x1/phone.yaml
purpose: to call back
== people/lena.yaml
name: Lena
conflicts: [{with: hoster}, {with: x1}, {with: y1}]
== communities/y1.yaml
name: Y
leads: [{role: owner, person: ana, speaks_for: [tea]}]
"""
    )


def test_one_missing_person_is_one_finding_with_all_places(found: Found) -> None:
    text = "".join(f"== orgs/o{n}.yaml\nname: X\ngatekeepers: [zoe]\n" for n in range(1, 4))
    (only,) = found(
        text + "== orgs/o4.yaml\nname: X\ngatekeepers: [yan]\n", "orgs/o1.yaml", "orgs/o2.yaml"
    )
    assert only.startswith("unknown-person orgs/o1.yaml:2:15 orgs/o2.yaml:2:15 |")


def test_a_system_missing_in_two_organisations_is_two_findings(found: Found) -> None:
    text = "".join(
        f"== orgs/{n}.yaml\nname: X\nsystems: [{{id: web, needs: [db]}}]\n"
        for n in ("a1", "b1")
    )
    assert len(found(text)) == 2


def test_an_id_that_a_record_had_before_still_names_it(found: Found) -> None:
    assert not found(
        "== people/ana.yaml\nname: Ana\nformerly: [anna]\n== orgs/x1.yaml\nname: X\ngatekeepers: [anna]\n"
    )


def test_a_file_that_cannot_be_read_still_has_its_id(found: Found) -> None:
    (only,) = found(
        "== people/ana.yaml\nname: @ana\n== orgs/x1.yaml\nname: X\ngatekeepers: [ana]\n"
    )
    assert only.startswith("unreadable-yaml people/ana.yaml:1:7")


def test_every_missing_field_is_told(found: Found) -> None:
    told = found(
        "== problems/x1.yaml\nstate: draft\n== vetting/ana.yaml\nlevel: known\nchecks: [{}]\n== people/ana.yaml\nname: A\n"
    )
    assert [line.split("'")[1] for line in told] == ["title", "symptoms", "kind", "by", "date"]


def test_a_slip_in_ocs_yaml_does_not_make_errors_elsewhere(found: Found) -> None:
    rest = "== communities/y1.yaml\nname: Y\nkind: club\n== notes/x.md\nx\n"
    (only,) = found(
        "== ocs.yaml\nname: X\ncommunity_kinds: [club]\nalso: [notes]\nthreshhold: 2\n" + rest
    )
    assert only.startswith("unknown-field ocs.yaml:4:1")
    (only,) = found("== ocs.yaml\nname: @X\ncommunity_kinds: [club]\nalso: [notes]\n" + rest)
    assert only.startswith("unreadable-yaml ocs.yaml:1:7")


@pytest.mark.parametrize(
    "policy",
    [
        "vetting: {levels: []}",
        "vetting: {levels: [[known]]}",
        "vetting: {checkers: two}",
        "vetting: {checkers: [2]}",
        "threshold: many",
        "threshold: {a: b}",
        "gatekeepers: [{person: [ana]}]",
        "gatekeepers: [ana]",
        "sensitivity: {low: [known]}",
        "actions: {a: b}",
        "also: [[notes]]",
    ],
)
def test_a_policy_that_does_not_fit_is_told_and_left_out(found: Found, policy: str) -> None:
    rest = """\
== people/ana.yaml
name: Ana
== vetting/ana.yaml
level: known
checks: [{kind: identity-seen, by: ana, date: 2025-06-03}]
== orgs/river.yaml
name: River
sensitivity: low
gatekeepers: [ana, ana]
== access/river/login.yaml
purpose: x
readers: [{person: ana, because: x}]
"""
    told = found(f"== ocs.yaml\nname: X\n{policy}\n{rest}")
    assert [line for line in told if line.startswith("bad-value ocs.yaml")]


def test_a_year_that_no_calendar_has_is_no_date(found: Found) -> None:
    (only,) = found("== people/x1.yaml\nname: X\njoined: 0000-01-01\n")
    assert "must be a date such as 2026-11-20, not '0000-01-01'" in only


def test_a_value_of_several_lines_is_told_in_one(found: Found) -> None:
    (only,) = found("== people/x1.yaml\nname: |\n  A\n  B\n")
    assert "must be one line of text, not 'A B'" in only


def test_an_id_of_a_file_that_cannot_be_read_is_taken(found: Found) -> None:
    told = found("== orgs/zz.yaml\nname: @x\n== communities/zz.yaml\nname: Z\n")
    assert any(
        line.startswith("duplicate-id communities/zz.yaml orgs/zz.yaml") for line in told
    )


def test_one_broken_file_does_not_hide_what_is_wrong_in_others(found: Found) -> None:
    told = found(
        "== people/a1.yaml\nname: @x\n== people/b1.yaml\nnam: X\n== orgs/c1.yaml\nname: X\ngatekeepers: [z9]\n"
    )
    assert {line.split()[0] for line in told} == {
        "unreadable-yaml",
        "missing-field",
        "unknown-field",
        "unknown-person",
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "== orgs/x1.yaml\nname: X\n== communities/x1.yaml\nname: X\n",
            "duplicate-id communities/x1.yaml orgs/x1.yaml | "
            "'x1' is the id of orgs/x1 and is the id of communities/x1",
        ),
        (
            "== people/a1.yaml\nname: A\nformerly: [b1]\n== people/b1.yaml\nname: B\n",
            "duplicate-id people/a1.yaml:2:12 people/b1.yaml | 'b1' is the id of people/b1 and was the id of people/a1",
        ),
        (
            "== people/a1.yaml\nname: A\nformerly: [c1]\n== people/b1.yaml\nname: B\nformerly: [c1]\n",
            "duplicate-id people/b1.yaml:2:12 people/a1.yaml:2:12",
        ),
        (
            "== orgs/a1.yaml\nname: A\nformerly: [b1]\n== communities/b1.yaml\nname: B\n",
            "duplicate-id orgs/a1.yaml:2:12 communities/b1.yaml",
        ),
        (
            "== people/a1.yaml\nname: A\nformerly: [a1]\n",
            "duplicate-id people/a1.yaml:2:12 people/a1.yaml",
        ),
    ],
)
def test_an_id_names_one_record_for_ever(found: Found, text: str, told: str) -> None:
    (only,) = found(text)
    assert only.startswith(told)


def test_a_person_and_a_problem_may_have_the_same_id(found: Found) -> None:
    assert not found(
        "== people/outlook.yaml\nname: Olga Utlook\n== problems/outlook.yaml\ntitle: X\nsymptoms: [{seen: X}]\n"
    )


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            "people/Lena Brandt.yaml",
            "an id has 2 to 60 lowercase letters, digits and single '-' | "
            "rename it to people/lena-brandt.yaml",
        ),
        (
            "people/lena.yml",
            "a record's file name ends in .yaml | rename it to people/lena.yaml",
        ),
        ("people/Jürgen.yaml", "rename it to people/jurgen.yaml"),
        ("people/-rf.yaml", "an id has 2 to 60 lowercase letters"),
        ("people/a--b.yaml", "rename it to people/a-b.yaml"),
        ("people/x.yaml", "an id has 2 to 60 lowercase letters"),
        ("people/" + "x" * 61 + ".yaml", "2 to 60 lowercase letters"),
        ("people/photo.jpg", "this is not a record, so ocs does not read it"),
        (
            "people/team/lena.yaml",
            "a record cannot be here | records of this kind are named people/<id>.yaml",
        ),
        (
            "access/login.yaml",
            "a record cannot be here | records of this kind are named access/<owner>/<name>.yaml",
        ),
        ("access/X/login.yaml", "an id has 2 to 60 lowercase letters"),
    ],
)
def test_a_misplaced_file_is_told_with_its_right_name(
    found: Found, path: str, told: str
) -> None:
    (only,) = found(f"== {path}\nname: X\n")
    assert only.startswith(f"misplaced-file {path} | ")
    assert told in only


def test_a_folder_that_nobody_knows_is_told_unless_it_is_listed(found: Found) -> None:
    (only,) = found("== peple/lena.yaml\nname: Lena\n")
    assert "unknown-folder peple | " in only
    assert "did you mean 'people'?" in only
    assert not found("== ocs.yaml\nname: X\nalso: [peple, notes]\n== notes/x.md\nx\n")


def test_what_lies_at_the_root_and_in_known_folders_is_left_alone(found: Found) -> None:
    assert not found(
        "== README.md\nx\n== keys/ana.asc\nx\n== secrets/xx/.gpg-id\nx\n== .github/w.yml\nx\n"
    )


def test_links_and_other_things_are_told(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    files = write("== people/ana.yaml\nname: Ana\n")
    (files.root / "people/lena.yaml").symlink_to("ana.yaml")
    (files.root / "orgs").symlink_to("people")
    (files.root / "problems").write_text("not a folder")
    findings = validate(files, schemas, TODAY, only=["unreadable-file"]).findings
    assert [(found.code, found.place.file) for found in findings] == [
        ("unreadable-file", "orgs"),
        ("unreadable-file", "people/lena.yaml"),
        ("unreadable-file", "problems"),
    ]


def test_a_date_that_says_what_happened_is_not_in_the_future(
    judge: Callable[..., tuple[Finding, ...]],
) -> None:
    text = "== people/x1.yaml\nname: X\njoined: {}\naway_from: 2027-01-01\n"
    (finding,) = judge(text.format("2026-11-21"))
    assert (finding.code, finding.severity) == ("future-date", Severity.WARNING)
    assert finding.place.span is not None
    assert finding.place.span.line == 2
    assert not judge(text.format("2026-11-20"))


def test_only_what_is_at_the_given_paths_is_told(found: Found) -> None:
    text = "== people/a1.yaml\nnam: X\n== people/b1.yaml\nnam: X\n== orgs/c1.yaml\nnam: X\n"
    assert {
        line.split()[1].split(":")[0] for line in found(text, "people/a1.yaml", "orgs")
    } == {
        "people/a1.yaml",
        "orgs/c1.yaml",
    }
    assert not found(
        "== people/ana.yaml\nname: A\n== vetting/ana.yaml\nlevel: known\n", "vetting"
    )


def test_every_code_says_what_must_hold_and_how_to_mend_it() -> None:
    for check in CHECKS:
        assert check.meaning.endswith(".")
        assert check.hint.endswith(".")
        assert check.example
    assert len({check.code for check in CHECKS}) == len(CHECKS)
