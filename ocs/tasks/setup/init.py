"""A new registry: all that it needs to begin with, and nothing to fill in first."""

from __future__ import annotations

import re
from pathlib import Path

from ocs.adapters.yamlfile.composing import text_of
from ocs.errors import OcsError
from ocs.model.change import Replacement
from ocs.model.kinds import KIND, is_slug
from ocs.model.plan import FilesPlan
from ocs.model.record import Tree
from ocs.rules.records.naming import slug
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.carryout import carry_out
from ocs.tasks.setup.initfiles import (
    GITATTRIBUTES,
    NOWHERE,
    PULL_REQUEST,
    README,
    OcsAddress,
    workflows,
)

_PLACE = re.compile(r"(https://[\w.-]+(?:/[\w.-]+)+)@([0-9a-f]{40}|[0-9a-f]{64})", re.ASCII)


def place(text: str) -> OcsAddress:
    """Where ocs is kept, as the user writes it. Raises OcsError."""
    if match := _PLACE.fullmatch(text):
        return OcsAddress(match[1], match[2])
    raise OcsError(
        f"'{text}' is not an address with a full commit id",
        "write for example https://github.com/OWNER/ocs@1f3c…, with all 40 letters and digits",
    )


def plan(
    root: Path,
    name: str,
    founder: str,
    founder_name: str,
    schemas: Schemas,
    ocs: OcsAddress | None = None,
) -> FilesPlan:
    """A registry called *name*, with its founder as the first gatekeeper.

    *ocs* is where ocs itself is kept, for the checks of proposed changes. Raises OcsError where
    there is a registry already, or the founder's id is none.
    """
    if not name.strip():
        raise OcsError("a registry needs a name", "give it with --name")
    if not is_slug(founder):
        raise OcsError(
            f"'{founder}' is not an id",
            f"write for example --founder {slug(founder_name) or 'lena'}",
        )
    if (root / "ocs.yaml").exists() or (root / "ocs.yaml").is_symlink():
        raise OcsError(
            f"there is a registry in {root} already", "check it with `ocs validate`"
        )
    policy: dict[str, Tree] = {
        "ocs": 1,
        "name": " ".join(name.split()),
        "gatekeepers": [{"person": founder}],
        "threshold": 1,
    }
    person: dict[str, Tree] = {
        "name": " ".join(founder_name.split()) or founder,
        "status": "active",
    }
    for kind, tree in (("ocs", policy), ("person", person)):
        for fault in schemas.of(KIND[kind]).check("", tree):
            message = f"cannot use this name: it {fault.message}"
            raise OcsError(message, "give a shorter one on one line")
    texts = {
        "ocs.yaml": text_of(policy, schemas.of(KIND["ocs"]).schema),
        KIND["person"].file(founder): text_of(person, schemas.of(KIND["person"]).schema),
        "README.md": README.format(name=policy["name"]),
        ".gitattributes": GITATTRIBUTES,
        ".github/pull_request_template.md": PULL_REQUEST,
        **workflows(ocs or NOWHERE),
    }
    kept = tuple(path for path in texts if (root / path).exists())
    files = tuple(
        Replacement(path, text.encode()) for path, text in texts.items() if path not in kept
    )
    return FilesPlan(root, files, kept)


def begin(new: FilesPlan) -> None:
    """Make the folder where it is missing, and write the files: all of them, or none."""
    try:
        new.root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OcsError(f"cannot create a folder in {new.root}: {error.strerror}") from error
    carry_out(new, new.root)
