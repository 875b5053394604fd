"""Which tests are near a module: those of its room in rules, then in tasks; or of its adapter."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parents[1]
# Adapters, or modules of them, whose tests are those of the capability that they serve.
ELSEWHERE = {
    "joined": ("tasks/registry/test_several.py",),
    "judgements": ("tasks/registry/test_filecheck.py",),
    "store": (
        "tasks/registry/test_index.py",
        "tasks/registry/test_fresh.py",
        "tasks/registry/test_rebuilding.py",
        "tasks/search",
    ),
    "machine": ("tasks/setup/test_doctor.py",),
    "memory": ("tasks/secrets/test_at_a_terminal.py",),
    "clipboard": ("tasks/secrets/test_clipboard.py",),
    "exec": ("tasks/secrets/test_exec.py",),
    "calendar": ("rules/test_due.py",),
}
# What yamlfile does is tested by what is done with the text: read, edited, composed.
BESIDE = {
    "yamlfile": ("test_editing.py", "test_composing.py"),
    "store": ("test_tokens.py",),
    "keyring": ("test_gpgstatus.py",),
}
# Rules beside the rooms, and where what they are for is tested.
SHARED = {
    "nearest": ("rules",),
    "cycles": ("rules",),
    "check": ("rules",),
    "checks": ("rules",),
}


def room_of(path: str) -> str:
    """`rules/people` for ocs/rules/people/keys.py, `adapters/files` for ocs/adapters/files.py."""
    _, layer, name, *_ = path.split("/")
    return f"{layer}/{name.removesuffix('.py')}"


def tests_of(path: str) -> tuple[str, ...]:
    """The tests of a module's room. Mutants of one room are tried with the same tests."""
    layer, _, room = room_of(path).partition("/")
    if layer == "rules":
        wanted = [
            f"rules/test_{room}.py",
            *SHARED.get(room, ()),
            f"rules/{room}",
            f"tasks/{room}",
        ]
    else:
        stem = Path(path).stem
        wanted = [
            f"adapters/test_{stem}.py",
            f"adapters/test_{room}.py",
            f"adapters/{room}",
            *(f"adapters/{name}" for name in BESIDE.get(room, ())),
            *ELSEWHERE.get(stem, ()),
            *ELSEWHERE.get(room, ()),
        ]
    return tuple(f"tests/{name}" for name in dict.fromkeys(wanted) if (TESTS / name).exists())
