"""Former readers: people who could read what a secret still holds, and are no readers now.

A secret was rotated by the last commit that changed its ciphertext *and* advanced `rotated:`.
People who could read the file in any state since then, or the same ciphertext at another time
or under another name, could read what it holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from ocs.model.ciphertext import HIDDEN, Message
from ocs.model.rotation import Turn


def since_rotation(
    turns: Sequence[Turn], parents: Mapping[str, Sequence[str]]
) -> list[Message]:
    """The states of a ciphertext since its rotation; any of them may hold what it holds now."""
    rotations = {turn.commit for turn in turns if turn.is_rotation}
    past = leading_to(rotations, parents)
    if "" in rotations:  # rotated in the files, and not committed yet
        past = {turn.commit for turn in turns if turn.commit}
    return [turn.after for turn in turns if turn.commit not in past and turn.after is not None]


def former_readers(
    messages: Iterable[Message], whose: Mapping[str, Collection[str]], readers: Collection[str]
) -> tuple[str, ...]:
    """In words: who could read one of the messages, and is none of the *readers*."""
    former: set[str] = set()
    for message in messages:
        for key_id in message.key_ids:
            people = whose.get(key_id)
            if key_id == HIDDEN:
                former.add("a hidden recipient")
            elif people is None:
                former.add(f"the holder of the unknown key {key_id}")
            elif not set(people) & set(readers):
                former.update(people)
        if message.passphrases:
            former.add("anybody who knows its passphrase")
    return tuple(sorted(former))


def leading_to(commits: Collection[str], parents: Mapping[str, Sequence[str]]) -> set[str]:
    """The ancestors of these commits."""
    ancestors: set[str] = set()
    waiting = [parent for commit in commits for parent in parents.get(commit, ())]
    while waiting:
        commit = waiting.pop()
        if commit not in ancestors:
            ancestors.add(commit)
            waiting.extend(parents.get(commit, ()))
    return ancestors
