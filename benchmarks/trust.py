"""An ordinary week of a group: how often ocs asks, and what somebody lazy lets through.

Five gatekeepers, each with a machine of their own, grant and rotate secrets with real keys and
merge what others propose. Whoever is careful knows everybody's key; whoever is lazy takes the
first answer. In the lazy week somebody plants keys of their own.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from random import Random

from ocs.adapters.files import Files, read_schema
from ocs.adapters.memories import Memories
from ocs.errors import NotConfirmedError, OcsError
from ocs.model.change import Replacement
from ocs.model.secret import Plaintext
from ocs.model.secretplan import SecretPlan
from ocs.model.trust import Fact, Question
from ocs.rules.records.schema import Schemas
from ocs.rules.secrets.bodies import body_name
from ocs.rules.secrets.facts import facts_of
from ocs.tasks.secrets import encrypting, granting, revoking
from ocs.tasks.secrets.bodies import origin_of
from ocs.tasks.secrets.secrets import registry_of
from ocs.tasks.secrets.vault import Vault
from ocs.tasks.trust.asking import check, check_key, ends_of_keys
from ocs.tasks.trust.memory import open_memory
from ocs.tasks.trust.own import note
from ocs.workspace import keyrings

DAY = date(2026, 11, 20)
GRANTS, ROTATIONS, MERGED = 30, 10, 40
GATEKEEPERS = ("amara", "joost", "mirela", "noor", "tomasz")
VOLUNTEERS = 20
OWNERS, SECRETS_EACH = 6, 4
OWNERS_EACH = 2  # of a volunteer
# Of ten pieces of work for an owner, the gatekeeper who looks after it does so many.
OWN_WORK = 0.9
# What the merged proposals bring: most say nothing of who can read secrets.
NEW_VOLUNTEERS, NEW_READERS, NEW_KEYS = 2, 2, 1
PLANTED = 8


def remember(root: Path, folder: Path, today: date = DAY) -> Memories:
    """Confirm all that a registry states, as somebody who keeps it in *folder*."""
    memories = Memories(folder)
    registry = registry_of(Files(root), Schemas(read_schema))
    open_memory(registry, root, memories, today).confirm(facts_of(registry, today))
    return memories


@dataclass
class Week:
    """What happened: commands, those that asked, what was asked, and whom it was encrypted to."""

    commands: int = 0
    asking: int = 0
    facts: list[tuple[str, Fact]] = field(default_factory=list)
    planted: int = 0
    let_through: int = 0
    refused: int = 0

    @property
    def twice(self) -> int:
        """How often somebody was asked what they had been asked before."""
        return len(self.facts) - len(set(self.facts))


class Group:
    """The registry and everybody's keys. All share one clone; each has a memory of their own."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.folder, self.random = folder, random
        self.root = folder / "registry"
        self.schemas = Schemas(read_schema)
        self.homes: dict[str, Path] = {}
        self.keys: dict[str, str] = {}
        self.volunteers = [f"volunteer-{number:02}" for number in range(VOLUNTEERS)]
        self.secrets = [
            f"org-{owner}/secret-{number}"
            for owner in range(OWNERS)
            for number in range(SECRETS_EACH)
        ]
        self.keepers = {
            f"org-{owner}": (GATEKEEPERS[owner % 5], GATEKEEPERS[(owner + 1) % 5])
            for owner in range(OWNERS)
        }
        self._found()

    def put(self, path: str, text: str | bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)

    def commit(self, subject: str) -> None:
        self._git("add", "-A")
        self._git("commit", "-qm", subject)

    def add(self, person: str, key: str = "") -> None:
        """Somebody with a vetting and a key, which is another person's where that is given."""
        self.keys.setdefault(person, key or self.key(person))
        self.put(f"people/{person}.yaml", f"name: {person}\n")
        self.put(f"vetting/{person}.yaml", f"level: known\nkey: {self.keys[person]}\n")
        self.put(f"keys/{person}.asc", self.certificate(self.keys[person]))

    def key(self, name: str) -> str:
        """A new key; its fingerprint."""
        home = self.homes.setdefault(name, self.folder / f"h{len(self.homes)}")
        home.mkdir(mode=0o700, exist_ok=True)
        made = ("--passphrase", "", "--faked-system-time", "20250201T120000!")
        user = f"{name} <{name}@x.example>"
        _gpg(home, *made, "--yes", "--quick-gen-key", user, "ed25519", "sign", "never")
        listed = _gpg(home, "--with-colons", "--list-keys").decode().splitlines()
        key = [line.split(":")[9] for line in listed if line.startswith("fpr")][-1]
        _gpg(home, *made, "--quick-add-key", key, "cv25519", "encr", "never")
        self._certificates[key] = _gpg(home, "--armor", "--export", key)
        return key

    _certificates: dict[str, bytes] = {}  # noqa: RUF012  keys are made once for all groups

    def certificate(self, key: str) -> bytes:
        return self._certificates[key]

    def memories(self, gatekeeper: str) -> Memories:
        return Memories(self.folder / f"state-{gatekeeper}")

    def vault(self, gatekeeper: str) -> Vault:
        os.environ["GNUPGHOME"] = str(self.homes[gatekeeper])
        cache = [self.folder / "cache"]
        memories = self.memories(gatekeeper)
        return Vault(Files(self.root), self.schemas, keyrings(DAY, cache), DAY, memories)

    def note(self, gatekeeper: str, *paths: str) -> None:
        """What this gatekeeper's own ocs wrote."""
        written = [Replacement(path, (self.root / path).read_bytes()) for path in paths]
        note(written, Files(self.root), self.schemas, self.memories(gatekeeper), DAY)

    def keeper(self, secret: str) -> str:
        """Who does a piece of work for a secret's owner."""
        first, second = self.keepers[secret.partition("/")[0]]
        return first if self.random.random() < OWN_WORK else second

    def readers(self, secret: str) -> set[str]:
        text = (self.root / f"access/{secret}.yaml").read_text()
        return {line.split()[-1] for line in text.splitlines() if "person:" in line}

    def helping(self, owner: str) -> list[str]:
        """The volunteers who work for an owner; each works for two."""
        at = int(owner.removeprefix("org-"))
        numbers = enumerate(self.volunteers)
        return [name for number, name in numbers if (at - number) % OWNERS < OWNERS_EACH]

    def new_reader(self, secret: str) -> str:
        helping = set(self.helping(secret.partition("/")[0]))
        left = sorted(helping - self.readers(secret)) or self.volunteers
        return self.random.choice(left)

    def _found(self) -> None:
        for person in (*GATEKEEPERS, *self.volunteers):
            self.add(person)
        roster = "".join(
            f"  - person: {person}\n    key: {self.keys[person]}\n" for person in GATEKEEPERS
        )
        self.put("ocs.yaml", f"name: A week\ngatekeepers:\n{roster}")
        for owner, keepers in self.keepers.items():
            text = f"name: {owner}\nsensitivity: low\ngatekeepers: [{', '.join(keepers)}]\n"
            self.put(f"orgs/{owner}.yaml", text)
            self.put(f"secrets/{owner}/.gpg-id", "".join(f"{self.keys[k]}\n" for k in keepers))
        # A content belongs to a secret of a registry, which its first commit says.
        self._git("init", "-q", "-b", "main")
        self._git("commit", "-q", "--allow-empty", "-m", "root")
        self.put("secrets/.gpg-id", "".join(f"{self.keys[each]}\n" for each in GATEKEEPERS))
        for secret in self.secrets:
            readers = self.random.sample(self.helping(secret.partition("/")[0]), 3)
            named = "".join(f"  - person: {person}\n" for person in readers)
            self.put(
                f"access/{secret}.yaml", f"purpose: x\nrotated: 2026-01-01\nreaders:\n{named}"
            )
            people = (*self.keepers[secret.partition("/")[0]], *readers)
            self.put(f"secrets/{secret}.gpg", self._encrypted(secret, people))
        self.commit("begin")
        for gatekeeper in GATEKEEPERS:
            remember(self.root, self.memories(gatekeeper).folder)

    def _encrypted(self, secret: str, people: tuple[str, ...]) -> bytes:
        home = self.folder / "all"
        if not home.exists():
            home.mkdir(mode=0o700)
            _gpg(home, "--import", given=b"".join(self._certificates.values()))
        to = [word for person in people for word in ("--recipient", self.keys[person])]
        name = body_name(origin_of(Files(self.root)).new, secret)
        options = ("--trust-model", "always", "--set-filename", name)
        return _gpg(home, *options, *to, "--encrypt", given=secret.encode())

    def _git(self, *arguments: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@x.example")
        subprocess.run(
            ["git", *who, *arguments], cwd=self.root, check=True, capture_output=True
        )


def week(folder: Path, seed: int, *, is_lazy: bool) -> Week:
    """A week of the group in *folder*."""
    random = Random(seed)
    with _as_user(folder):
        group, so_far = Group(folder, random), Week()
        work: list[Callable[[], None]] = []
        work += [lambda: _grant(group, so_far, is_lazy=is_lazy)] * GRANTS
        work += [lambda: _rotate(group, so_far, is_lazy=is_lazy)] * ROTATIONS
        brings = [_volunteer] * NEW_VOLUNTEERS + [_reader] * NEW_READERS + [_key] * NEW_KEYS
        brings += [_nothing] * (MERGED - len(brings))
        work += [partial(bring, group, so_far, is_lazy=is_lazy) for bring in brings]
        if is_lazy:
            work += [lambda: _plant(group, so_far)] * PLANTED
        random.shuffle(work)
        for piece in work:
            piece()
    return so_far


@contextmanager
def _as_user(folder: Path) -> Iterator[None]:
    before = dict(os.environ)
    names = [
        f"GIT_{role}_{what}" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    ]
    os.environ.update(dict.fromkeys(names, "a@x.example"))
    try:
        yield
    finally:
        for home in folder.glob("h*"):
            command = ["gpgconf", "--homedir", str(home), "--kill", "all"]
            subprocess.run(command, check=False, capture_output=True)
        os.environ.clear()
        os.environ.update(before)


def _command(
    group: Group,
    so_far: Week,
    who: str,
    plan: Callable[[Vault], SecretPlan],
    content: Plaintext | None = None,
    *,
    is_lazy: bool,
) -> None:
    """A command that encrypts, of a gatekeeper who is asked and answers."""
    so_far.commands += 1
    vault = group.vault(who)
    asked: list[Question] = []

    def ask(question: Question) -> None:
        asked.append(question)
        so_far.facts += [(who, fact) for fact in question.facts]
        _answer(question, group, is_lazy=is_lazy)

    try:
        made = plan(vault)
        encrypting.carry_out(made, vault, content, ask=ask)
        planted = {group.keys[name] for name in group.keys if name.startswith("planted")}
        given = {
            (made.keys or {}).get(reader) for step in made.steps for reader in step.readers
        }
        so_far.let_through += len(planted & given)
    except NotConfirmedError:
        so_far.refused += 1
    except OcsError:
        pass  # a piece of work that is not possible any more
    so_far.asking += bool(asked)


def _answer(question: Question, group: Group, *, is_lazy: bool) -> None:
    if question.has_new_key:
        ends = ends_of_keys(question, group.random)
        known = group.keys.get(question.person, "")[-4:]
        check_key(question, ends[0] if is_lazy else known)
    else:
        check(question, is_right=True)


def _grant(group: Group, so_far: Week, *, is_lazy: bool) -> None:
    secret = group.random.choice(group.secrets)
    person = group.new_reader(secret)
    who = group.keeper(secret)
    _command(
        group,
        so_far,
        who,
        lambda vault: granting.plan_grant(secret, [person], vault, because="x"),
        is_lazy=is_lazy,
    )


def _rotate(group: Group, so_far: Week, *, is_lazy: bool) -> None:
    secret = group.random.choice(group.secrets)
    content = Plaintext(str(group.random.random()).encode())
    who = group.keeper(secret)
    plan = partial(granting.plan_rotate, secret)
    _command(group, so_far, who, plan, content, is_lazy=is_lazy)


def _nothing(group: Group, so_far: Week, *, is_lazy: bool) -> None:
    """A proposal that says nothing of secrets: `ocs review`, which never asks."""
    so_far.commands += 1
    group.put(f"problems/problem-{so_far.commands}.yaml", "title: It is late\nsymptoms: []\n")
    group.commit("a problem")


def _volunteer(group: Group, so_far: Week, *, is_lazy: bool) -> None:
    """Somebody new: a gatekeeper vets them, and imports their key."""
    so_far.commands += 1
    person = f"volunteer-{len(group.volunteers)}"
    group.volunteers.append(person)
    group.add(person)
    owner = next(owner for owner in group.keepers if person in group.helping(owner))
    group.note(group.keepers[owner][0], f"vetting/{person}.yaml", f"keys/{person}.asc")
    group.commit(f"vet {person}")


def _reader(group: Group, so_far: Week, *, is_lazy: bool) -> None:
    """Somebody asks to read a secret; a gatekeeper merges that, and syncs."""
    so_far.commands += 1
    secret = group.random.choice(group.secrets)
    path = f"access/{secret}.yaml"
    group.put(
        path, (group.root / path).read_text() + f"  - person: {group.new_reader(secret)}\n"
    )
    group.commit("one more reader")
    who = group.keepers[secret.partition("/")[0]][0]
    _command(group, so_far, who, revoking.plan_sync, is_lazy=is_lazy)


def _key(group: Group, so_far: Week, *, is_lazy: bool) -> None:
    """A volunteer has a new key, and told everybody its fingerprint."""
    so_far.commands += 1
    person = group.random.choice(group.volunteers[:VOLUNTEERS])
    del group.keys[person]
    group.add(person)
    group.commit(f"a new key of {person}")


def _plant(group: Group, so_far: Week) -> None:
    """Somebody pushes a key of their own, as that of a reader or of somebody new."""
    so_far.planted += 1
    name = f"planted-{so_far.planted}"
    key = group.key(name)
    group.keys[name] = key
    secret = group.random.choice(group.secrets)
    person = group.random.choice(sorted(group.readers(secret)))
    group.put(f"vetting/{person}.yaml", f"level: known\nkey: {key}\n")
    group.put(f"keys/{person}.asc", group.certificate(key))
    group.commit("tidy up")
    for who in group.keepers[secret.partition("/")[0]]:
        _command(group, so_far, who, revoking.plan_sync, is_lazy=True)


def _gpg(home: Path, *arguments: str, given: bytes = b"") -> bytes:
    easy = ("--batch", "--no-tty", "--quiet", "--pinentry-mode", "loopback")
    command = ["gpg", "--homedir", str(home), *easy, *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout


def run(registry: Path) -> None:
    """Print both figures; the registry that is given is not looked at."""
    rows = []
    for seed in (1, 2, 3):
        with tempfile.TemporaryDirectory(prefix="o", dir="/tmp") as folder:
            found = week(Path(folder), seed, is_lazy=False)
        share = found.asking / found.commands
        rows.append(
            (
                f"a careful week ({seed})",
                f"{found.commands} commands",
                f"{share:.1%} ask",
                f"{found.twice} asked twice",
            )
        )
    for seed in (1, 2):
        with tempfile.TemporaryDirectory(prefix="o", dir="/tmp") as folder:
            found = week(Path(folder), seed, is_lazy=True)
        rows.append(
            (
                f"a lazy week ({seed})",
                f"{found.planted} planted keys",
                f"{found.let_through} let through",
                f"{found.refused} commands refused",
            )
        )
    for row in rows:
        print("  ".join(str(cell).ljust(24) for cell in row))
