"""The environment variables that a secret's lines become for a program.

What must hold, in words:
- Nothing in a secret chooses a variable: anybody who can push can put another ciphertext in its
  place, and programs run what PATH, LD_PRELOAD, GIT_SSH_COMMAND and hundreds of others name, of
  which no list is complete. By itself a line becomes SECRET_ and its name, which steers nothing.
- Any other name comes from the person who runs the program. One that is known to steer programs
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
# Names that steer the loader, shells, languages and programs that run others: by what stands
# before the first _ (LD_PRELOAD), by their beginning, or as a whole.
_FAMILIES = frozenset(
    "LD DYLD GIT SSH GPG BASH ZSH PYTHON PERL RUBY LUA PHP JAVA LESS VIM MAKE GCONV MALLOC "
    "GLIBC XDG DBUS SUDO LC SSL OPENSSL SYSTEMD OCS".split()
)
_BEGINNINGS = ("PYTHON", "PERL5", "RUBY", "LESS", "MAKE", "VIM", "GNUPG", "BASH", "SHELL")
_WHOLE = frozenset(
    "PATH HOME IFS ENV PS1 PS2 PS4 CDPATH FPATH ZDOTDIR EDITOR VISUAL PAGER BROWSER TERM "
    "TERMCAP TERMINFO USER LOGNAME PWD OLDPWD LANG LANGUAGE TZ TMP TEMP TMPDIR DISPLAY "
    "CLASSPATH COMSPEC INPUTRC HOSTALIASES".split()
)
# In any program, names with these endings may.
_ENDINGS = tuple(
    "_PROXY COMMAND _OPTIONS OPTS FLAGS _ARGS PATH _HOME _DIR CONFIG _CONF RC ASKPASS EDITOR "
    "PAGER SHELL RSH PRELOAD BROWSER _ENV _FILE CA_BUNDLE ENDPOINT_URL".split()
)


class Variable(NamedTuple):
    """A variable, and the line of a secret that gives its value."""

    name: str
    secret: str
    key: str


def steers(name: str) -> bool:
    """Is this the name of a variable that is known to steer some program?"""
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
    """The variables of secrets, each given with the names of its lines. Raises OcsError.

    If any is *wanted*, only those, written KEY=VARIABLE or OWNER/NAME:KEY=VARIABLE.
    """
    every = [_wanted(text, secrets) for text in wanted] or [
        Variable(_name(key), secret, key)
        for secret, keys in secrets.items()
        for key in keys
        if _PLAIN_KEY.fullmatch(key)
    ]
    by_name: dict[str, Variable] = {}
    for variable in every:
        first = by_name.setdefault(variable.name, variable)
        if first.secret != variable.secret or (wanted and first is not variable):
            raise OcsError(
                f"{variable.name} would have its value from {first.secret} and from "
                f"{variable.secret}",
                f"name them apart: --as {first.secret}:{first.key}=ONE "
                f"--as {variable.secret}:{variable.key}=OTHER",
            )
    return list(by_name.values())


def _name(key: str) -> str:
    """The variable of a line where nobody wants another."""
    return _PREFIX + re.sub("[^A-Z0-9]+", "_", key.upper())


def _wanted(text: str, secrets: Mapping[str, Iterable[str]]) -> Variable:
    where, equals, name = text.rpartition("=")
    secret, colon, key = where.rpartition(":")
    key = key.lower()
    if not equals or not key or not _VARIABLE.fullmatch(name):
        raise OcsError(
            f"'--as {text}' is not of the form KEY=VARIABLE",
            f"write for example --as {PASSWORD}=PGPASSWORD",
        )
    if steers(name):
        raise OcsError(
            f"{name} changes how programs run, and anybody who can push can set '{key}'",
            "choose another name; if a program needs this one, set it yourself: "
            f"{name}=${_name(key)}",
        )
    if colon and secret not in secrets:
        raise OcsError(
            f"'{secret}' is not among the secrets that you gave",
            did_you_mean(secret, [*secrets]),
        )
    having = [name for name, keys in secrets.items() if key in keys and secret in ("", name)]
    if not having:
        raise OcsError(
            f"no line of {listed([secret] if secret else [*secrets], 'or')} begins with '{key}:'",
            f"list its lines with `ocs secret exec {secret or next(iter(secrets))} --dry-run`",
        )
    if len(having) > 1:
        raise OcsError(
            f"{listed(having, 'and')} each have a line '{key}'",
            f"write --as {having[0]}:{key}={name}",
        )
    return Variable(name, having[0], key)
