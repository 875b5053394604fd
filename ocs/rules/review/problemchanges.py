"""Changes of a problem that take more than anybody's word: who vouches for a solution.

People do what a verified problem says. So a command or an address in it changes only with one
of those who saw it work, or the problem becomes a draft again. Other words change freely, and
so does a draft. Nobody is named as somebody who saw it work without agreeing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ocs.model.change import Amendment, What
from ocs.model.community import LeadRef
from ocs.model.problem import Problem, ProblemState
from ocs.model.registry import Document
from ocs.rules.nearest import listed
from ocs.rules.records.dangers import dangers

# What people do or open. In the other texts addresses count, and some commands.
_SOLUTION = ("cause", "resolution", "verification", "workaround", "undo")
_TEXTS = ("title", "product", "versions", "takes", "licence")
# A word without anything that a program or a browser would take for more.
_PLAIN = re.compile(r"[(\"'“‘„«]*[^\W\d_]+(?:[-'’][^\W\d_]+)*[)\"'”’»]*[.,;:!?…]*")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*(?:`|$)", re.DOTALL | re.MULTILINE)
_COMMAND_LINE = re.compile(r"^(?:[ \t]{4,}|[ \t]*[$#>%] ).*$", re.MULTILINE)
_ADDRESS = re.compile(r"\S*(?:://|@|www\.)\S*|\S*[^\W_]\.[^\W_]\S*")


def changes_of_problem(
    old: Problem | None, new: Problem, after: Document
) -> Iterator[Amendment]:
    """What of a change of a problem takes the agreement of certain people."""
    known = _vouching(old) if old else set()
    for person in sorted(_vouching(new) - known):
        who = (LeadRef(person=person),)
        sentence = f"{person} is named as somebody who solved it or saw it work"
        yield Amendment(What.SEEN_WORKING, after.reference, after.file, sentence, one_of=who)
    if reason := _why_it_matters(old, new):
        vouches = old if old and old.state is ProblemState.VERIFIED else new
        seen = tuple(dict.fromkeys(LeadRef(person=entry.by) for entry in vouches.seen_working))
        yield Amendment(What.SOLUTION, after.reference, after.file, reason, one_of=seen)


def _why_it_matters(old: Problem | None, new: Problem) -> str | None:
    """Why somebody must vouch for a problem anew; None where nobody has to."""
    if old is None or old.state is not ProblemState.VERIFIED:
        return "it becomes verified" if new.state is ProblemState.VERIFIED else None
    if new.state is ProblemState.DRAFT:
        return None
    if new.state is not ProblemState.VERIFIED or old.withdrawn != new.withdrawn:
        return f"it was verified, and becomes {new.state}"
    if gone := {entry.by for entry in old.seen_working} - {
        entry.by for entry in new.seen_working
    }:
        return f"it no longer says that {listed(sorted(gone), 'and')} saw it work"
    differing = [field for field in _SOLUTION if _does(old, field) != _does(new, field)]
    if old.references != new.references:
        differing.append("references")
    if _elsewhere(old) != _elsewhere(new):
        differing.append("other fields")
    if differing:
        what = listed(differing, "and")
        return f"a command or an address in a verified problem changes: {what}"
    return None


def _vouching(problem: Problem) -> set[str]:
    return {*problem.solved_by, *(entry.by for entry in problem.seen_working)}


def _does(problem: Problem, field: str) -> list[str]:
    return commands_and_addresses(getattr(problem, field) or "")


def _elsewhere(problem: Problem) -> list[str]:
    """Addresses in the fields that do not say what to do, and what commands are in these.

    Many a product, tag or symptom has the name of a program. So programs count in a title, and
    in symptoms what is dangerous.
    """
    texts: list[str | None] = [getattr(problem, field) for field in _TEXTS]
    texts += [*problem.environment, *problem.tags]
    found = [word for word in problem.title.split() if _is_program(word)]
    for symptom in problem.symptoms:
        seen = [text for text in (symptom.seen, symptom.where) if text]
        found += [danger for text in seen for danger in dangers(text)]
        texts += seen
    found += [word for text in texts if text for word in _ADDRESS.findall(text)]
    return sorted(found)


def commands_and_addresses(text: str) -> list[str]:
    """What a text says that is more than words, in its order: code, options, paths, addresses.

    Within code, and on a line that reads like a command, every word counts.
    """
    found: list[str] = []
    rest = 0
    spans = sorted(
        match.span() for form in (_CODE, _COMMAND_LINE) for match in form.finditer(text)
    )
    for start, end in spans:
        if start < rest:
            start = rest
        found += _odd(text[rest:start].split())
        found += text[start:end].split() if start < end else []
        rest = max(rest, end)
    return found + _odd(text[rest:].split())


def _odd(words: Iterable[str]) -> list[str]:
    return [word for word in words if not _PLAIN.fullmatch(word) or _is_program(word)]


def _is_program(word: str) -> bool:
    return word.strip(_AROUND_WORDS).casefold() in _PROGRAMS


_AROUND_WORDS = "()[]\"'“‘„«”’»`*.,;:!?…"
_PROGRAMS = frozenset(
    "sudo doas su rm mv cp dd chmod chown curl wget sh bash zsh python perl ruby php eval exec "
    "apt yum dnf pip npm docker kill reboot shutdown mkfs fdisk mysql psql format del regedit "
    "powershell iwr irm iex systemctl poweroff ufw iptables nft setenforce "
    "passwd chpasswd useradd userdel usermod visudo crontab ssh scp rsync nc ncat shred wipefs "
    "dropdb dropuser createuser mongosh sqlite kubectl podman unzip "
    "xargs pkill killall dnf apk winget certutil mshta "
    "bitsadmin netsh diskpart rmdir icacls".split()
)
