"""A new registry: what it needs to be kept by many hands, and nothing that has to be filled in first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ocs.adapters.replacing import Replacement, replace_all
from ocs.adapters.yamlfile import text_of
from ocs.errors import OcsError
from ocs.model.kinds import KIND, is_slug
from ocs.model.record import Tree
from ocs.rules.naming import slug
from ocs.rules.schema import Schemas

README = """\
# {name}

This is a registry: readable files about whom we help, who helps, and what was solved. `ocs` searches and
checks them, and whoever only wants to correct something needs nothing but a web editor.

| folder | what lies there |
|---|---|
| `problems/` | resolved problems, one a file; a title and one symptom are enough to begin |
| `people/` | volunteers and leads; everybody keeps their own file |
| `orgs/` | organisations: who may ask for what, systems, domains, backups |
| `communities/` | who leads a community, and who answers for what |
| `vetting/`, `access/` | kept by gatekeepers: who was checked, who may read which secret |

Change a file, propose the change, and the checks say at the line concerned what is wrong and what to write
instead. Never write a password, a telephone number or the name of somebody you helped into a problem.

```console
$ ocs search words that you remember
$ ocs validate
$ ocs due
```
"""
GITATTRIBUTES = """\
* text=auto eol=lf
*.gpg binary
"""
PULL_REQUEST = """\
What does this change, and why?

- [ ] If it changes who leads a community: where is the decision written?
- [ ] It holds no password, no telephone number, and no problem names whom it was solved for.
"""
WORKFLOW = """\
# Says at the line concerned what is wrong with a proposed change. It needs no secrets and no rights.
name: validate
on: [push, pull_request]
permissions:
  contents: read
jobs:
  validate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
          persist-credentials: false
      - run: pip install ocs
      - run: ocs validate --format github
"""
GITLAB = """\
# Says what is wrong with a proposed change.
validate:
  image: python:3.12
  script:
    - pip install ocs
    - ocs validate
"""


@dataclass(frozen=True, slots=True)
class NewRegistry:
    """What is to be written, and what was there before and stays as it is."""

    root: Path
    files: tuple[Replacement, ...]
    kept: tuple[str, ...]


def plan(root: Path, name: str, founder: str, founder_name: str, schemas: Schemas) -> NewRegistry:
    """A registry called *name*, with its founder as the first gatekeeper.

    Raises OcsError where there is one already, or the founder's id is none.
    """
    if not name.strip():
        raise OcsError("a registry has a name", "give it with --name")
    if not is_slug(founder):
        raise OcsError(f"'{founder}' is no id", f"write for example --founder {slug(founder_name) or 'lena'}")
    if (root / "ocs.yaml").exists() or (root / "ocs.yaml").is_symlink():
        raise OcsError(f"there is a registry in {root} already", "see it with `ocs validate`")
    policy: dict[str, Tree] = {
        "ocs": 1,
        "name": " ".join(name.split()),
        "gatekeepers": [{"person": founder}],
        "threshold": 1,
    }
    person: dict[str, Tree] = {"name": " ".join(founder_name.split()) or founder, "status": "active"}
    for kind, tree in (("ocs", policy), ("person", person)):
        for found in schemas.of(KIND[kind]).check("", tree):
            raise OcsError(f"this name cannot be used: it {found.message}", "give a shorter one on one line")
    texts = {
        "ocs.yaml": text_of(policy, schemas.of(KIND["ocs"]).schema),
        KIND["person"].file(founder): text_of(person, schemas.of(KIND["person"]).schema),
        "README.md": README.format(name=policy["name"]),
        ".gitattributes": GITATTRIBUTES,
        ".github/pull_request_template.md": PULL_REQUEST,
        ".github/workflows/validate.yml": WORKFLOW,
        ".gitlab-ci.yml": GITLAB,
    }
    kept = tuple(path for path in texts if (root / path).exists())
    files = tuple(Replacement(path, text.encode()) for path, text in texts.items() if path not in kept)
    return NewRegistry(root, files, kept)


def apply(new: NewRegistry) -> None:
    """Write the files: all of them, or none."""
    try:
        new.root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OcsError(f"cannot make a folder in {new.root}: {error.strerror}") from error
    replace_all(new.root, new.files)
