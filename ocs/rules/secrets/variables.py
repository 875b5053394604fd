"""Which variables a secret becomes for a program that is run with it.

What must hold, in words:
- Whoever may push can put another ciphertext in a secret's place, so nothing in a secret
  chooses a variable: programs run what PATH, LD_PRELOAD, GIT_SSH_COMMAND and hundreds of
  others name, and no list of those is whole. By itself a line becomes SECRET_… and its name,
  which steers nothing.
- Any other name is given by whoever runs the program; and one that is known to steer programs
  is refused even then, since its value is still the secret's.
- No variable gets its value from two places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ocs.errors import OcsError
from ocs.rules.nearest import did_you_mean, listed
from ocs.rules.secrets.lines import PASSWORD

_PREFIX = "SECRET_"
_PLAIN_KEY = re.compile("[a-z0-9][a-z0-9 _.-]{0,59}")
_VARIABLE = re.compile("[A-Za-z_][A-Za-z0-9_]{0,99}")
# Names of these families, such as LD_PRELOAD, steer the loader, shells, languages and those
# who run others;
_FAMILIES = frozenset(
    "LD DYLD GIT SSH GPG BASH ZSH PYTHON PERL RUBY LUA PHP JAVA LESS VIM MAKE GCONV "
    "MALLOC GLIBC XDG DBUS "
    "SUDO LC SSL OPENSSL SYSTEMD OCS".split()
)
_BEGINNINGS = ("PYTHON", "PERL5", "RUBY", "LESS", "MAKE", "VIM", "GNUPG", "BASH", "SHELL")
_WHOLE = frozenset(
    "PATH HOME IFS ENV PS1 PS2 PS4 CDPATH FPATH ZDOTDIR EDITOR VISUAL PAGER BROWSER "
    "TERM TERMCAP TERMINFO "
    "USER LOGNAME PWD OLDPWD LANG LANGUAGE TZ TMP TEMP TMPDIR DISPLAY CLASSPATH COMSPEC INPUTRC "
    "HOSTALIASES".split()
)
# and in whatever program, names that end so.
_ENDINGS = tuple(
    "_PROXY COMMAND _OPTIONS OPTS FLAGS _ARGS PATH _HOME _DIR CONFIG _CONF RC "
    "ASKPASS EDITOR PAGER SHELL RSH "
    "PRELOAD BROWSER _ENV _FILE CA_BUNDLE ENDPOINT_URL".split()
)


class Variable(NamedTuple):
    """A variable, and the line of a secret that it has its value from."""

    name: str
    secret: str
    key: str


def steers(name: str) -> bool:
    """Is this the name of a variable that some program is known to be steered by?"""
    large = name.upper()
    return (
        large in _WHOLE
        or large.lstrip("_").partition("_")[0] in _FAMILIES
        or large.startswith(_BEGINNINGS)
        or large.endswith(_ENDINGS)
    )


def variables(
    secrets: Mapping[str, Iterable[str]], wanted: Sequence[str] = ()
) -> list[Variable]:
    """What becomes of secrets, of which the names of their lines are known; where it is
    *wanted*, only that.

    What is asked for is written KEY=VARIABLE, or OWNER/NAME:KEY=VARIABLE. Raises OcsError.
    """
    found = [_asked(text, secrets) for text in wanted] or [
        Variable(_name(key), secret, key)
        for secret, keys in secrets.items()
        for key in keys
        if _PLAIN_KEY.fullmatch(key)
    ]
    first: dict[str, Variable] = {}
    for one in found:
        other = first.setdefault(one.name, one)
        if other.secret != one.secret or (wanted and other is not one):
            apart = f"--as {other.secret}:{other.key}=ONE --as {one.secret}:{one.key}=OTHER"
            raise OcsError(
                f"{one.name} would have its value from {other.secret} and from {one.secret}",
                f"say which is which: {apart}",
            )
    return list(first.values())


def _name(key: str) -> str:
    """What the line of this name is called by itself."""
    return _PREFIX + re.sub("[^A-Z0-9]+", "_", key.upper())


def _asked(text: str, secrets: Mapping[str, Iterable[str]]) -> Variable:
    where, equals, name = text.rpartition("=")
    secret, colon, key = where.rpartition(":")
    key = key.lower()
    if not equals or not key or not _VARIABLE.fullmatch(name):
        raise OcsError(
            f"'{text}' does not say what is to become which variable",
            f"write KEY=VARIABLE, such as {PASSWORD}=PGPASSWORD",
        )
    if steers(name):
        raise OcsError(
            f"{name} can steer programs, and whoever may push can change what {key} is",
            "take another name; a program that needs this one gets it from you: "
            f"{name}=${_name(key)}",
        )
    if colon and secret not in secrets:
        raise OcsError(
            f"'{secret}' is none of the secrets that are named",
            did_you_mean(secret, [*secrets]),
        )
    having = [name for name, keys in secrets.items() if key in keys and secret in ("", name)]
    if not having:
        raise OcsError(
            f"no line of {listed([secret] if secret else [*secrets], 'or')} begins with '{key}:'",
            f"see its lines with `ocs secret exec {secret or next(iter(secrets))} --dry-run`",
        )
    if len(having) > 1:
        raise OcsError(
            f"{listed(having, 'and')} have a line '{key}' each",
            f"write --as {having[0]}:{key}={name}",
        )
    return Variable(name, having[0], key)
