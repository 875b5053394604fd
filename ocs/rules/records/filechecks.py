"""What must hold of each file for itself; found while the registry is read."""

from __future__ import annotations

from ocs.model.finding import Severity
from ocs.rules.check import Check

UNREADABLE_FILE = Check(
    "unreadable-file",
    Severity.ERROR,
    "ocs can read the file of every record.",
    "people/lena.yaml is a symbolic link",
    "Replace it with a plain file that you may read.",
)

UNREADABLE_YAML = Check(
    "unreadable-yaml",
    Severity.ERROR,
    "Every file is simple YAML, without anchors, aliases, tags, repeated fields or empty "
    "fields. It is UTF-8, at most 1 MiB, and nested at most 20 levels deep.",
    "matrix: @lena:example.org",
    "Copy the line from the finding. Often it is the same text in quotes.",
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
    "No command was interrupted while it changed several files.",
    "ocs was killed after it wrote the access record, before it wrote the ciphertext",
    "Run any command that writes, such as `ocs secret sync`. It finishes or undoes the change.",
)

UNKNOWN_FOLDER = Check(
    "unknown-folder",
    Severity.ERROR,
    "ocs knows every folder of the registry, or `also:` in ocs.yaml lists it.",
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
    "Every field belongs to its kind of record.",
    "titel: Mail is late",
    "Correct its name, or delete the line.",
)

BAD_VALUE = Check(
    "bad-value",
    Severity.ERROR,
    "Every value has the form that its field requires.",
    "solved_on: last Tuesday",
    "Write a value like the one in the finding.",
)

NOT_CIPHERTEXT = Check(
    "not-ciphertext",
    Severity.ERROR,
    "Everything in secrets/ is an encrypted OpenPGP message.",
    "secrets/river/login.gpg with the password in it",
    "Remove the file and change the secret in it, because git keeps the old one. Then run "
    "`ocs secret add`.",
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
    "Save it with Unix line ends. Otherwise git changes the line ends.",
)

LEAKED_SECRET = Check(
    "leaked-secret",
    Severity.ERROR,
    "No file that everybody can read holds a password, token or private key.",
    "# root pw on the new box: …",
    "Change the secret at once, because git keeps the old one. Store the new one with "
    "`ocs secret add`, and write only its name here.",
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
