"""What somebody still holds, in words."""

from __future__ import annotations

from collections.abc import Callable

from ocs.model.community import Community, Resource
from ocs.model.registry import Registry
from ocs.rules.communities.holdings import holdings, secrets_known, to_rotate
from tests.rules.sound import TODAY

REGISTRY = """\
== communities/lake.yaml
name: Lake
leads: [{person: ana, role: owner, until: 2026-11-20}, {person: bo, role: owner}]
== communities/river.yaml
name: River
leads: [{person: ana, role: owner, until: 2026-11-21}, {person: bo, role: peer}]
resources:
  - {name: river.example, type: domain, custodian: ana, deputy: bo}
  - {name: van, custodian: bo, deputy: ana}
== access/river/login.yaml
purpose: x
readers: [{person: ana, until: 2026-11-20}, {person: bo}]
== access/river/old.yaml
purpose: x
readers: [{person: ana, until: 2026-11-19}, {person: bo, until: 2026-11-21}]
"""
RIVER = Community(
    id="river",
    name="River",
    resources=(
        Resource(name="a", custodian="ana", deputy="bo", secrets=("login", "sea/key")),
        Resource(name="b", custodian="bo", deputy="ana", secrets=("login",)),
        Resource(name="c", custodian="cy", secrets=("box",)),
    ),
)


def test_offices_resources_and_secrets_are_held_until_they_end(
    registry_of: Callable[[str], Registry],
) -> None:
    registry = registry_of(REGISTRY)
    assert list(holdings("ana", registry, TODAY)) == [
        "leads river as owner, until 2026-11-21",
        "is custodian of river.example (domain) of river",
        "is deputy for van (resource) of river",
        "can read the secret river/login until 2026-11-20",
    ]
    assert list(holdings("bo", registry, TODAY)) == [
        "leads lake as owner",
        "leads river as peer",
        "is deputy for river.example (domain) of river",
        "is custodian of van (resource) of river",
        "can read the secret river/login",
        "can read the secret river/old until 2026-11-21",
    ]
    assert list(holdings("cy", registry, TODAY)) == []


def test_custodians_and_deputies_may_know_the_secrets_of_a_resource() -> None:
    assert list(secrets_known("ana", RIVER)) == ["river/login", "sea/key", "river/login"]
    assert list(secrets_known("cy", RIVER)) == ["river/box"]
    assert list(secrets_known("eve", RIVER)) == []


def test_what_those_who_leave_may_know_is_rotated_once() -> None:
    assert list(to_rotate({"eve", "cy", "ana"}, RIVER)) == [
        "ana may know the secrets river/login and sea/key: rotate them",
        "cy may know the secret river/box: rotate it",
    ]
