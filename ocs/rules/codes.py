"""The codes of findings: what each means, how bad it is, and how it is mended."""

from __future__ import annotations

from dataclasses import dataclass

from ocs.model.finding import Finding, Place, Severity


@dataclass(frozen=True, slots=True)
class Code:
    """A row of CODES. The meaning says what must hold."""

    name: str
    severity: Severity
    meaning: str
    example: str
    mend: str


def _error(name: str, meaning: str, example: str, mend: str) -> Code:
    return Code(name, Severity.ERROR, meaning, example, mend)


def _warning(name: str, meaning: str, example: str, mend: str) -> Code:
    return Code(name, Severity.WARNING, meaning, example, mend)


CODES = {
    code.name: code
    for code in (
        _error(
            "unreadable-file",
            "Every record's file can be read.",
            "people/lena.yaml is a symbolic link",
            "Put a plain file with the record in its place, and permit reading it.",
        ),
        _error(
            "unreadable-yaml",
            "Every file is YAML that reads as it looks: no anchors, aliases, tags, repeated or emptied "
            "fields; UTF-8, at most 1 MiB, at most 20 levels deep.",
            "matrix: @lena:example.org",
            "Write the line that the finding gives, mostly the same with quotes.",
        ),
        _error(
            "misplaced-file",
            "Every file in a folder of records is a record named `<id>.yaml`.",
            "people/Lena Brandt.yml",
            "Rename or move the file, or delete it.",
        ),
        _error(
            "unknown-folder",
            "Every folder of the registry is one that ocs knows or that `also:` in ocs.yaml lists.",
            "peple/",
            "Correct its name, or list it under `also:` in ocs.yaml.",
        ),
        _error(
            "missing-field",
            "Every record has the fields that its kind requires.",
            "a problem without title",
            "Add the line.",
        ),
        _error(
            "unknown-field",
            "Every field is one that its kind of record has.",
            "titel: Mail is late",
            "Correct its name, or delete the line.",
        ),
        _error(
            "bad-value",
            "Every value is of the form that its field asks for.",
            "solved_on: last Tuesday",
            "Write a value such as the one the finding gives.",
        ),
        _error(
            "unknown-person",
            "Every person that a record names has a file in people/.",
            "custodian: jost",
            "Correct the id, or add people/<id>.yaml.",
        ),
        _error(
            "unknown-community",
            "Every community that a record names has a file in communities/.",
            "part_of: [mozila-communities]",
            "Correct the id, or add communities/<id>.yaml.",
        ),
        _error(
            "unknown-problem",
            "Every problem that a record names has a file in problems/.",
            "related: [nextcloud-occ-wrong-usr]",
            "Correct the id, or take it out.",
        ),
        _error(
            "unknown-owner",
            "Every folder in access/ is named after an organisation or a community.",
            "access/riverside-foodbank/cloud-admin.yaml",
            "Rename the folder, or add the organisation.",
        ),
        _error(
            "unknown-secret",
            "Every secret that a record names has a file in access/.",
            "secrets: [cloud-admn]",
            "Correct the name, or add access/<owner>/<name>.yaml.",
        ),
        _error(
            "unknown-system",
            "Every system that a record names is one of the same organisation's systems.",
            "needs: [server]",
            "Correct the id, or add the system.",
        ),
        _error(
            "unknown-supplier",
            "Every supplier that a record names is one of the same organisation's suppliers.",
            "hosted_by: hostr",
            "Correct the id, or add the supplier.",
        ),
        _warning(
            "unknown-party",
            "A conflict of interest is with an organisation, community or supplier of this registry; "
            "with anybody else it has no effect.",
            "conflicts: [{with: studio-nrd}]",
            "Correct the id, or leave it for the day when there is one.",
        ),
        _error(
            "unknown-level",
            "Every vetting level is one that ocs.yaml lists under `vetting: levels:`.",
            "level: veted",
            "Write one of the levels in ocs.yaml.",
        ),
        _error(
            "unknown-sensitivity",
            "Every class of sensitivity is one that ocs.yaml lists under `sensitivity:`.",
            "sensitivity: hihg",
            "Write one of the classes in ocs.yaml.",
        ),
        _error(
            "unknown-community-kind",
            "Every kind of community is one that ocs.yaml lists under `community_kinds:`.",
            "kind: regonal",
            "Write one of the kinds in ocs.yaml, or add it there.",
        ),
        _error(
            "unknown-action",
            "Everything that somebody speaks for is an action that ocs.yaml lists under `actions:`.",
            "speaks_for: [domains]",
            "Write one of the actions in ocs.yaml, or add it there.",
        ),
        _error(
            "duplicate-id",
            "An id names one record: organisations and communities share one space of ids, and an id in "
            "`formerly:` is never used again.",
            "orgs/river-house.yaml and communities/river-house.yaml",
            "Give one of them another id.",
        ),
        _warning(
            "future-date",
            "A date that says what has happened is not in the future.",
            "solved_on: 2062-03-15",
            "Correct the date.",
        ),
    )
}


def finding(
    code: str, message: str, *places: Place, hint: str | None = None, root: str | None = None
) -> Finding:
    """A finding with the severity that its code has."""
    return Finding(code, message, places, hint, CODES[code].severity, root)
