"""Running a program with secrets among its variables, for itself alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ocs.adapters import exec as process
from ocs.adapters.files import Files
from ocs.errors import OcsError
from ocs.model.secret import Plaintext
from ocs.rules.records.naming import name_of
from ocs.rules.records.schema import Schemas
from ocs.rules.secrets.lines import values_of
from ocs.rules.secrets.variables import Variable, variables
from ocs.tasks.registry.certificates import Keyrings
from ocs.tasks.secrets.bodies import decrypted_to_use


class Environment(NamedTuple):
    """The variables that a program gets, and what each holds."""

    variables: Sequence[Variable]
    values: Mapping[str, Plaintext]


def find_program(command: Sequence[str]) -> str:
    """Where the program is that a command runs. Raises OcsError."""
    return process.find_program(command[0])


def environment(
    names: Sequence[str],
    wanted: Sequence[str],
    files: Files,
    schemas: Schemas,
    keyrings: Keyrings,
) -> Environment:
    """The variables that secrets become. Raises OcsError where one cannot be used."""
    lines = {
        name: _values(decrypted_to_use(name, files, schemas, keyrings), name)
        for name in dict.fromkeys(map(name_of, names))
    }
    chosen = variables(lines, wanted)
    values = {var.name: Plaintext(lines[var.secret][var.key]) for var in chosen}
    return Environment(chosen, values)


def run(program: str, command: Sequence[str], values: Mapping[str, Plaintext]) -> None:
    """Become the program. Raises OcsError where that cannot be; else this does not return."""
    process.replace(program, command, {name: value.reveal() for name, value in values.items()})


def _values(content: Plaintext, secret: str) -> dict[str, bytes]:
    """The values of a secret by name. Raises OcsError where it is one value of many lines."""
    data = content.reveal()
    if b"\0" in data or data.startswith(b"-----BEGIN "):
        what = "is not text" if b"\0" in data else "is one value of several lines"
        raise OcsError(
            f"{secret} {what}, so no variable can hold it",
            f"pipe it: `ocs secret show {secret} | COMMAND`",
        )
    return values_of(data)
