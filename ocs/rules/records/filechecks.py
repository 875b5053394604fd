"""What must hold of each file for itself; found while the registry is read."""

from __future__ import annotations

from ocs.model.finding import Severity
from ocs.rules.check import Check

UNREADABLE_FILE = Check(
    "unreadable-file",
    Severity.ERROR,
    "Every record's file can be read.",
    "people/lena.yaml is a symbolic link",
    "Put a plain file with the record in its place, and permit reading it.",
)

UNREADABLE_YAML = Check(
    "unreadable-yaml",
    Severity.ERROR,
    "Every file is YAML that reads as it looks: no anchors, aliases, tags, repeated "
    "or emptied fields; "
    "UTF-8, at most 1 MiB, at most 20 levels deep.",
    "matrix: @lena:example.org",
    "Write the line that the finding gives, mostly the same with quotes.",
)

MISPLACED_FILE = Check(
    "misplaced-file",
    Severity.ERROR,
    "Every file in a folder of records is a record named `<id>.yaml`.",
    "people/Lena Brandt.yml",
    "Rename or move the file, or delete it.",
)

INTERRUPTED_CHANGE = Check(
    "interrupted-change",
    Severity.ERROR,
    "No change of several files was interrupted halfway.",
    "ocs was killed when it had written the access record and not yet the ciphertext",
    "Run any command that writes, such as `ocs secret sync`: it finishes the change, or undoes it.",
)

UNKNOWN_FOLDER = Check(
    "unknown-folder",
    Severity.ERROR,
    "Every folder of the registry is one that ocs knows or that `also:` in ocs.yaml lists.",
    "peple/",
    "Correct its name, or list it under `also:` in ocs.yaml.",
)

MISSING_FIELD = Check(
    "missing-field",
    Severity.ERROR,
    "Every record has the fields that its kind requires.",
    "a problem without title",
    "Add the line.",
)

UNKNOWN_FIELD = Check(
    "unknown-field",
    Severity.ERROR,
    "Every field is one that its kind of record has.",
    "titel: Mail is late",
    "Correct its name, or delete the line.",
)

BAD_VALUE = Check(
    "bad-value",
    Severity.ERROR,
    "Every value is of the form that its field asks for.",
    "solved_on: last Tuesday",
    "Write a value such as the one the finding gives.",
)

NOT_CIPHERTEXT = Check(
    "not-ciphertext",
    Severity.ERROR,
    "Everything in secrets/ is an encrypted OpenPGP message.",
    "secrets/river/login.gpg with the password in it",
    "Take it out and change what it holds, since git keeps it; then encrypt the new one.",
)

LINK_OUTSIDE = Check(
    "link-outside",
    Severity.ERROR,
    "No link leads out of the registry.",
    "notes.md -> /home/ana/notes.md",
    "Put the file itself in its place, or delete the link.",
)

LINE_ENDS = Check(
    "line-ends",
    Severity.NOTE,
    "Lines end as git keeps them, without a carriage return.",
    "a file that was saved on Windows",
    "Save it with Unix line ends; git would change them anyway.",
)

LEAKED_SECRET = Check(
    "leaked-secret",
    Severity.ERROR,
    "No password, token or private key stands in a file that everybody can read.",
    "# root pw on the new box: …",
    "Change the secret at once, since git keeps what was there. Then put it where "
    "secrets belong, and name "
    "it here.",
)

CHECKS = (
    UNREADABLE_FILE,
    UNREADABLE_YAML,
    MISPLACED_FILE,
    INTERRUPTED_CHANGE,
    UNKNOWN_FOLDER,
    MISSING_FIELD,
    UNKNOWN_FIELD,
    BAD_VALUE,
    NOT_CIPHERTEXT,
    LINK_OUTSIDE,
    LINE_ENDS,
    LEAKED_SECRET,
)
