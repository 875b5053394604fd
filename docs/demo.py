"""Shows how a login reaches a volunteer and how that ends: the second part of `make demo`.

It happens in a copy of the example registry, in which the made-up people get keys of their
own; copy and keys are gone afterwards. Nothing else is written, and no network is used.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from example_keys import REGISTRY, TODAY, KeyHome, remember, renew

LOGIN = "dunmarrow-library/newsletter"


class Copy:
    """A copy of the registry with a history of its own, and everybody's keys."""

    def __init__(self, stack: ExitStack) -> None:
        # What git and ocs keep for a user lies here, too; the settings of the user who runs this do
        # not count.
        self.home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ocs-demo-")))
        self.root = self.home / "registry"
        shutil.copytree(REGISTRY, self.root)
        # A content belongs to a secret of a registry, which its first commit says.
        settings = (
            "user.name=Amara",
            "user.email=amara@helping-hands.example",
            "commit.gpgSign=0",
        )
        who = [word for each in settings for word in ("-c", each)]
        for words in (("init",), ("commit", "--allow-empty", "--message", "root")):
            command = ["git", *who, words[0], "--quiet", *words[1:]]
            subprocess.run(command, cwd=self.root, check=True)
        self.homes = {**renew(self.root, stack), "sam": KeyHome(stack)}
        self.key_of_sam = self.homes["sam"].make(
            "Sam Thistlewood", "sam@applicants.helping-hands.example"
        )
        (self.home / "sam.asc").write_text(self.homes["sam"].certificate())
        self.run("amara", "git add --all && git commit --quiet --message begin")
        # Everybody has compared the keys of the others before.
        remember(self.root, self.home / ".local" / "state")

    def show(self, person: str, command: str, *, is_refused: bool = False) -> None:
        """Run what somebody types, and show it."""
        print(f"\n{person}$ {command}", flush=True)
        self.run(person, command, is_refused=is_refused)

    def run(self, person: str, command: str, *, is_refused: bool = False) -> None:
        """Run what somebody types. Ends everything where it does not go as it should."""
        around = {
            "cwd": self.root,
            "env": self._surroundings(person),
            "stdin": subprocess.DEVNULL,
        }
        done = subprocess.run(["sh", "-c", command], **around, check=False)
        if (done.returncode != 0) is not is_refused:
            sys.exit(f"this ended with status {done.returncode}: {command}")

    def _surroundings(self, person: str) -> dict[str, str]:
        strangers = ("GIT_", "OCS_", "XDG_", "GNUPG", "GPG_")
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(strangers)
        }
        who = {f"GIT_{role}_NAME": person.title() for role in ("AUTHOR", "COMMITTER")}
        who |= {
            f"GIT_{role}_EMAIL": f"{person}@helping-hands.example"
            for role in ("AUTHOR", "COMMITTER")
        }
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        own = {"HOME": str(self.home), "GNUPGHOME": self.homes[person].path, "PATH": path}
        return {**kept, **who, **own, "GIT_CONFIG_NOSYSTEM": "1"}


def say(text: str) -> None:
    print(f"\n{text}", flush=True)


def trusted(copy: Copy) -> None:
    """A volunteer is vetted, and the key comes in."""
    say(
        "Sam wants to help. Amara, a gatekeeper, has met Sam in a video call, and "
        "writes down that she did."
    )
    copy.show("amara", f"ocs vet sam --level known --check video-call --by amara --on {TODAY}")
    say("Sam has sent the public part of a key. In the call they compared its fingerprint.")
    copy.show("amara", f"ocs key import sam ../sam.asc --on {TODAY}")
    copy.show("amara", f"echo 'key: {copy.key_of_sam}' >> vetting/sam.yaml")
    copy.run("amara", "git add --all && git commit --quiet --message 'vet sam'")


def granted(copy: Copy) -> None:
    """The volunteer can read a secret, and others cannot."""
    say(
        "Sam is to write the library's newsletter, until February. The login is "
        "encrypted to Sam and the\n"
        "library's gatekeepers. It stands here to be seen; otherwise ocs asks for "
        "it, and shows nothing."
    )
    reader = '--to sam --because "writes the newsletter" --until 2027-02-28'
    add = f'ocs secret add {LOGIN} --purpose "login of the newsletter" {reader} --on {TODAY}'
    copy.show("amara", f"echo gravel-otter-basil-linden | {add}")
    say("Sam can read it.")
    copy.show("sam", f"ocs secret show {LOGIN}")
    say("Diego, who is vetted as Sam is, can see who reads it, and why; but not what it says.")
    copy.show("diego", f"ocs access show {LOGIN} --on {TODAY}")
    copy.show("diego", f"ocs secret show {LOGIN}", is_refused=True)


def planted(copy: Copy) -> None:
    """A line that somebody pushes gives them nothing."""
    say(
        "Somebody who can push writes a line into the record, and calls it 'tidy up'. "
        "Amara's ocs does not\n"
        "obey: it encrypts to nobody whom she has not confirmed, and shows who brought the line."
    )
    line = "printf '  - person: diego\\n' >> access/dunmarrow-library/newsletter.yaml"
    commit = "git commit --quiet --all --message 'tidy up' --author 'Mallory <m@evil.example>'"
    copy.run("amara", f"{line} && {commit}")
    copy.show("amara", f"ocs secret sync --yes --on {TODAY}", is_refused=True)
    copy.show("amara", f"ocs changes --on {TODAY}", is_refused=True)
    copy.run("amara", "git revert --no-edit HEAD > /dev/null")


def ended(copy: Copy) -> None:
    """Access ends, nobody is lulled, and the secret gets other content."""
    say(
        "A week later Sam stops. Mirela takes Sam out of the file, for which nobody "
        "has to decrypt anything."
    )
    copy.show("mirela", f"ocs secret revoke {LOGIN} sam --yes --on 2026-11-27")
    copy.show("sam", f"ocs secret show {LOGIN}", is_refused=True)
    say(
        "Does every file hold what is recorded, and nobody else? That needs no key to find out."
    )
    copy.show("joost", "ocs secret audit --on 2026-11-27")
    say(
        "But git remembers the old file, and Sam may remember the password. So this "
        "stays to be done:"
    )
    copy.show("joost", "ocs validate --only to-be-rotated --on 2026-11-27")
    say("Amara changes the password where it is used, and then here. Now it is done.")
    copy.show(
        "amara",
        f"echo harbour-pine-ember-fjord | ocs secret rotate {LOGIN} --yes --on 2026-11-28",
    )
    copy.show("joost", "ocs secret list dunmarrow-library --on 2026-11-28")


def main() -> None:
    missing = [program for program in ("gpg", "git") if not shutil.which(program)]
    if missing:
        say(
            "How a login reaches those who need it is not shown: "
            f"{' and '.join(missing)} cannot be found."
        )
        return
    say(
        "How does a login reach those who need it? In a copy of this registry "
        "everybody gets another key."
    )
    with ExitStack() as stack:
        copy = Copy(stack)
        trusted(copy)
        granted(copy)
        planted(copy)
        ended(copy)
    say("The copy and all these keys are gone again.")


if __name__ == "__main__":
    main()
