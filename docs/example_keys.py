"""Gives the people of the example registry keys, and encrypts its secrets to them.

Run `python docs/example_keys.py` to make them anew. The private keys are thrown away: nobody
can read what is encrypted there, and it is made up anyway.
"""

from __future__ import annotations

import re
import secrets
import subprocess
import tempfile
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from ocs.adapters.memories import Memories
from ocs.model.access import Access
from ocs.model.ciphertext import file_of
from ocs.model.person import Person
from ocs.model.registry import Registry
from ocs.model.secret import Plaintext
from ocs.model.vetting import Vetting
from ocs.rules.secrets.bodies import body_name
from ocs.rules.secrets.facts import facts_of
from ocs.rules.secrets.gpgids import gpg_id_file, gpg_id_of
from ocs.rules.secrets.readers import readers_of
from ocs.tasks.registry.certificates import certificate_files, keyring_of
from ocs.tasks.registry.certificates import file_of as certificate_of
from ocs.tasks.secrets.bodies import origin_of
from ocs.tasks.secrets.secrets import registry_of
from ocs.tasks.secrets.vault import keys
from ocs.tasks.trust.memory import open_memory
from ocs.workspace import Workspace, keyrings

REGISTRY = Path(__file__).parent.parent / "example-registry"
TODAY = date(2026, 11, 20)
# Before anybody was vetted, with a clock that stands still; and never ending, so that nothing
# rots here.
MADE, ENDS = "20250201T120000!", "never"
WORDS = (
    "anchor basil cedar delta ember fjord gravel harbour island juniper kelp linden maple otter"
).split()


class KeyHome:
    """A folder of gpg's with somebody's key. Its path is short, as that of the agent's socket
    has to be.
    """

    def __init__(self, stack: ExitStack) -> None:
        self.path = stack.enter_context(tempfile.TemporaryDirectory(prefix="ocs-", dir="/tmp"))
        stack.callback(
            subprocess.run,
            ["gpgconf", "--homedir", self.path, "--kill", "all"],
            check=False,
            capture_output=True,
        )

    def make(self, name: str, mail: str) -> str:
        """A new key, which can be encrypted to; its fingerprint."""
        new = ("--passphrase", "", "--faked-system-time", MADE)
        self._gpg(*new, "--quick-gen-key", f"{name} <{mail}>", "ed25519", "sign", ENDS)
        listed = self._gpg("--with-colons", "--list-keys")
        fingerprint = next(
            line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr:")
        )
        self._gpg(*new, "--quick-add-key", fingerprint, "cv25519", "encr", ENDS)
        return fingerprint

    def certificate(self) -> str:
        return self._gpg("--armor", "--export")

    def _gpg(self, *arguments: str) -> str:
        easy = ("--batch", "--no-tty", "--quiet", "--pinentry-mode", "loopback")
        command = ["gpg", "--homedir", self.path, *easy, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def remember(root: Path, state: Path) -> None:
    """Confirm all that the registry says, for the user with this state folder."""
    work = Workspace(root)
    registry = registry_of(work.files, work.schemas)
    memory = open_memory(registry, root, Memories(state / "ocs" / "trust"), TODAY)
    memory.confirm(facts_of(registry, TODAY))


def renew(root: Path, stack: ExitStack) -> dict[str, KeyHome]:
    """Give everybody who was vetted a new key, and encrypt every secret that has an access
    record.
    """
    registry = registry_of(Workspace(root).files, Workspace(root).schemas)
    homes = {each.id: KeyHome(stack) for each in registry.records(Vetting)}
    people = {each.id: each for each in registry.records(Person)}
    for person, home in homes.items():
        fingerprint = home.make(
            people[person].name, people[person].mail or f"{person}@example.org"
        )
        write(root / certificate_of(person), home.certificate().encode())
        enter(root, person, fingerprint)
    work = Workspace(root)
    encrypt(work, registry_of(work.files, work.schemas))
    return homes


def enter(root: Path, person: str, fingerprint: str) -> None:
    """Write a fingerprint into the vetting record, and for a gatekeeper into ocs.yaml."""
    named = re.compile(rf"(^key: |person: {person}\n    key: )[0-9A-F]{{40}}", re.MULTILINE)
    for file in (f"vetting/{person}.yaml", "ocs.yaml"):
        text = (root / file).read_text()
        (root / file).write_text(named.sub(rf"\g<1>{fingerprint}", text))


def encrypt(work: Workspace, registry: Registry) -> None:
    """A made-up login for each access record, and beside them the keys of the gatekeepers."""
    keyring = keyring_of(certificate_files(work.files), keyrings(TODAY))
    origin = origin_of(work.files)
    owners = {""}
    for secret in sorted(each.id for each in registry.records(Access)):
        to = keys(readers_of(secret, registry, TODAY), registry)
        login = (
            f"{'-'.join(secrets.choice(WORDS) for _ in range(4))}\nnote: made up, "
            "and opens nothing\n"
        )
        write(
            work.root / file_of(secret),
            keyring.encrypt(
                Plaintext(login.encode()), list(to.values()), body_name(origin.new, secret)
            ),
        )
        owners.add(secret.partition("/")[0])
    for owner in owners:
        write(work.root / gpg_id_file(owner), gpg_id_of(owner, registry) or b"")


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


if __name__ == "__main__":
    with ExitStack() as stack:
        renew(REGISTRY, stack)
