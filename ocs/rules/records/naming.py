"""Where a record lies, and what a file's path says it is.

The file name is the id: `people/lena.yaml` is the person lena, `access/river-house/cloud.yaml`
the access to river-house's secret cloud.
"""

from __future__ import annotations

from ocs.errors import OcsError
from ocs.model.ciphertext import file_of
from ocs.model.kinds import KIND, KIND_OF_FOLDER, Kind, is_slug
from ocs.rules.nearest import did_you_mean


class Misplaced(Exception):  # noqa: N818  it is an answer more than an error
    """A path that is no record's, with what to do about it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def identify(path: str) -> tuple[Kind, str]:
    """The kind and id of the record at *path*, as seen from the registry's root.

    Raises Misplaced where no record can be there.
    """
    if path == "ocs.yaml":
        return KIND["ocs"], "ocs"
    folder, *names = path.split("/")
    kind = KIND_OF_FOLDER[folder]
    depth = 2 if kind.owner_folders else 1
    expected = f"{folder}/<owner>/<name>.yaml" if kind.owner_folders else f"{folder}/<id>.yaml"
    if len(names) != depth:
        raise Misplaced(
            "a record cannot be here", f"records of this kind are named {expected}"
        )
    stem, dot, ending = names[-1].rpartition(".")
    ids = [*names[:-1], stem]
    if (dot, ending) != (".", "yaml"):
        if ending in ("yml", "YAML", "YML"):
            raise Misplaced("a record's file name ends in .yaml", _rename(folder, ids))
        raise Misplaced(
            "this is not a record, so ocs does not read it",
            f"records of this kind are named {expected}",
        )
    if not all(map(is_slug, ids)):
        raise Misplaced(
            "an id has 2 to 60 lowercase letters, digits and single '-'",
            _rename(folder, ids),
        )
    return kind, "/".join(ids)


def identify_key(path: str) -> str:
    """The person whose certificate lies at *path*. Raises Misplaced where none can be there."""
    name = path.removeprefix("keys/").removesuffix(".asc")
    if path != f"keys/{name}.asc" or not is_slug(name):
        raise Misplaced(
            "this is not a certificate", "certificates are named keys/<person>.asc"
        )
    return name


def identify_secret(path: str) -> str:
    """The name, `owner/name`, of the secret that lies at *path*. Raises Misplaced as above."""
    name = path.removeprefix("secrets/").removesuffix(".gpg")
    if path != file_of(name) or name.count("/") != 1 or not all(map(is_slug, name.split("/"))):
        raise Misplaced("this is not a secret", "secrets are named secrets/<owner>/<name>.gpg")
    return name


def name_of(text: str) -> str:
    """The name, `owner/name`, of the secret that somebody calls *text*. Else raises OcsError."""
    for folder, ending in (("secrets/", ".gpg"), ("access/", ".yaml")):
        if text.startswith(folder) and text.endswith(ending):
            text = text.removeprefix(folder).removesuffix(ending)
    try:
        return identify_secret(file_of(text))
    except Misplaced:
        raise OcsError(
            f"'{text}' is not the name of a secret",
            "write OWNER/NAME, such as river-house/cloud-admin: each 2 to 60 lowercase "
            "letters, digits and single '-'",
        ) from None


def unknown_folder_hint(name: str, known: tuple[str, ...]) -> str:
    """What to do about a folder that is none of the *known* ones."""
    otherwise = f"to allow this folder, add to ocs.yaml: also: [{name}]"
    return did_you_mean(name, known) or otherwise


# Letters that are no plain letter with an accent.
_LATIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"} | dict(zip("øłđðı", "olddi", strict=True))
)


def slug(text: str) -> str:
    """The id that is nearest to *text*: `Lena Brandt` becomes `lena-brandt`."""
    import re
    import unicodedata

    latin = text.lower().translate(_LATIN)
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-")


def _rename(folder: str, ids: list[str]) -> str:
    better = [slug(id) for id in ids]
    if not all(map(is_slug, better)):
        return "rename the file"
    return f"rename it to {'/'.join([folder, *better])}.yaml"
