"""Changes that a review refuses, and no agreement allows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from ocs.model.community import Community, CommunityStatus, LeadRef
from ocs.model.finding import Finding, Place, Severity
from ocs.model.kinds import FOLDERS, KIND, KINDS
from ocs.model.registry import Document, Registry
from ocs.model.vetting import Vetting
from ocs.rules.check import Check, may_hide
from ocs.rules.nearest import listed, many
from ocs.rules.people.vetting import LEFT_TO_BE_DONE
from ocs.rules.records.filechecks import UNKNOWN_FOLDER
from ocs.rules.records.lookalikes import alike
from ocs.rules.records.naming import unknown_folder_hint
from ocs.rules.records.paths import is_plain, known_folders
from ocs.rules.review.authority import Authority
from ocs.rules.review.policy import threshold_of

VANISHED = Check(
    "vanished-record",
    Severity.ERROR,
    "A proposed change deletes no record.",
    "communities/river.yaml is deleted",
    "Restore it, and withdraw or archive it; or name its id under `formerly:` of another record.",
)

LOOKALIKE = Check(
    "lookalike-id",
    Severity.ERROR,
    "A new id does not look like another one.",
    "people/ana-ru1z.yaml beside people/ana-ruiz.yaml",
    "Choose an id that nobody confuses with the other one.",
)

NO_BASE = Check(
    "unreadable-before",
    Severity.ERROR,
    "Every changed record was readable before the change.",
    "an unknown field in communities/river.yaml of the main branch",
    "First fix the record in a separate change. Until then ocs cannot know who must agree.",
)

REMOVALS = Check(
    "two-removals",
    Severity.ERROR,
    "A change removes at most one lead without their agreement.",
    "a change that removes two owners, and neither agrees",
    "Propose one removal first, and the other one after the first is merged.",
)

STILL_HOLDING = Check(
    "archived-with-resources",
    Severity.ERROR,
    "A community that a change archives holds no resources.",
    "status: archived, with a domain under `resources:`",
    "Pass every resource on to another community in the same change.",
)

REBASED = Check(
    "rebase-differs",
    Severity.ERROR,
    "A branch has the same result, whether it is merged, squashed or rebased.",
    "a commit makes Eve owner, and the branch's merge commit undoes that",
    "Rebase the branch yourself, or squash it into one commit, and push that.",
)

REACHED = Check(
    "reached-after-all",
    Severity.ERROR,
    "If an owner agrees to leave, the record lists no attempts to reach this owner.",
    "ana-ruiz agrees to hand over, and `attempts:` still say that nobody could reach her",
    "Remove the attempts to reach this person: they answered.",
)

SQUATTED = Check(
    "new-with-former-ids",
    Severity.ERROR,
    "A new record claims no id that it never had.",
    "people/mallory.yaml, which is new, with `formerly: [lena]`",
    "Remove `formerly:`. Only a record that is renamed keeps its old id there.",
)

TWIN = Check(
    "same-on-some-disks",
    Severity.ERROR,
    "No two paths are the same on a disk that ignores case.",
    "Vetting/lena.yaml beside vetting/lena.yaml",
    "Rename or delete one of the two.",
)

TOO_FEW = Check(
    "too-few-gatekeepers",
    Severity.ERROR,
    "After a change, at least as many gatekeepers as the threshold have a valid vetting.",
    "joost suspends the two others of three gatekeepers, with a threshold of 2",
    "Suspend one at a time. If that is not enough, first name more gatekeepers, or lower the "
    "threshold.",
)

CHECKS = (
    TOO_FEW,
    VANISHED,
    TWIN,
    SQUATTED,
    LOOKALIKE,
    NO_BASE,
    REMOVALS,
    STILL_HOLDING,
    REBASED,
    REACHED,
)


def too_few_gatekeepers(before: Registry, after: Registry, today: date) -> Iterator[Finding]:
    """Gatekeepers who are suspended, today or later, until nobody can lift that any more."""
    days = {today}
    for vetting in after.records(Vetting):
        if vetting.suspended is not None:
            days.add(max(today, vetting.suspended.since))
    needed = threshold_of(after.policy)
    for day in sorted(days):
        was, left = (len(Authority(one, day).gatekeepers()) for one in (before, after))
        if left < min(was, needed):
            yield TOO_FEW.finding(
                f"this leaves {many(left, 'gatekeeper')} whose vetting counts, and the threshold "
                f"is {needed}",
                Place("ocs.yaml", ("gatekeepers",)),
                hint="suspend one at a time, or first name more gatekeepers in ocs.yaml",
            )
            return


def vanished(files: Iterable[str]) -> Iterator[Finding]:
    for file in files:
        yield VANISHED.finding(
            f"{file.removesuffix('.yaml')} is deleted, and no other record has "
            "it under `formerly:`",
            Place(file),
            hint="withdraw or archive it with a reason instead, so that its id and history stay",
        )


def lookalikes(
    new: Iterable[Document], before: Mapping[str, Iterable[str]]
) -> Iterator[Finding]:
    """New ids that read like one of those *before*, by kind."""
    for document in new:
        if document.kind.about or document.kind.name == "problem":
            continue
        kinds = [kind.name for kind in KINDS if kind.ids == document.kind.ids]
        known = {id for kind in kinds for id in before.get(kind, ())}
        other = alike(document.id, known)
        if other is not None:
            yield LOOKALIKE.finding(
                f"the new id '{document.id}' looks like '{other}', which is another record",
                Place(document.file),
                hint="choose an id that nobody confuses with the other one",
            )


def same_on_some_disks(pairs: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Changed paths, each with the other one that a disk may take it for."""
    for path, other in pairs:
        yield TWIN.finding(
            f"'{path}' and '{other}' are the same on disks that ignore case or hidden characters",
            Place(path),
            hint=f"rename or delete '{other if is_plain(path) else path}'",
        )


def unknown_folders(paths: Iterable[str], also: Collection[str]) -> Iterator[Finding]:
    """Changed files in folders that ocs does not know, and in which nobody looks for faults."""
    known = known_folders(also)
    folders = dict.fromkeys(path.partition("/")[0] for path in paths if "/" in path)
    for folder in folders:
        if folder not in known and not folder.startswith("."):
            yield UNKNOWN_FOLDER.finding(
                f"ocs does not know the folder '{folder}', and reads nothing in it",
                Place(folder),
                hint=unknown_folder_hint(folder, FOLDERS),
            )


def squatted(new: Iterable[Document]) -> Iterator[Finding]:
    """New records, which are no renamed ones, that claim former ids."""
    for document in new:
        former = document.tree.get("formerly")
        if isinstance(former, list) and former:
            number = f" and {len(former) - 1} more" if len(former) > 1 else ""
            yield SQUATTED.finding(
                f"{document.reference} is new, and claims to have been '{former[0]}'{number}",
                Place(document.file, ("formerly",)),
                hint="remove `formerly:`, since a new record had no id before",
            )


def unreadable_before(files: Iterable[str]) -> Iterator[Finding]:
    for file in files:
        yield NO_BASE.finding(
            f"{file} is unreadable before the change, so ocs cannot know who must agree",
            Place(file),
            hint="let the gatekeepers fix it in a change of its own first",
        )


def removals(leads: Iterable[LeadRef]) -> Iterator[Finding]:
    names = sorted({str(lead) for lead in leads})
    if len(names) > 1:
        yield REMOVALS.finding(
            f"this removes {listed(names, 'and')} without their agreement; remove one at a time",
            Place("communities"),
            hint="propose one removal, and the other one when the first is merged",
        )


def rebased_otherwise(files: Iterable[str]) -> Iterator[Finding]:
    """*files* differ between what rebasing the branch and what merging it would land."""
    for file in files:
        yield REBASED.finding(
            f"rebasing the branch would land other content in {file} than merging it",
            Place(file),
            hint="rebase the branch onto the base yourself, or squash it into one commit",
        )


def reached_after_all(file: str, leads: Iterable[LeadRef]) -> Iterator[Finding]:
    """Owners who agree to leave, while the record would let them come back as out of reach."""
    for lead in leads:
        yield REACHED.finding(
            f"{lead} agrees to leave, but `attempts:` say that nobody could reach them",
            Place(file, ("attempts",)),
            hint=f"remove the attempts to reach {lead} in the same change",
        )


def archived_with_resources(
    pairs: Iterable[tuple[Document | None, Document | None]],
) -> Iterator[Finding]:
    for before, after in pairs:
        old, new = (document.record if document else None for document in (before, after))
        if (
            not isinstance(new, Community)
            or new.status is not CommunityStatus.ARCHIVED
            or not new.resources
        ):
            continue
        if not isinstance(old, Community) or old.status is not CommunityStatus.ARCHIVED:
            held = listed([resource.name for resource in new.resources], "and")
            yield STILL_HOLDING.finding(
                f"{new.id} would be archived and still hold {held}",
                Place(KIND["community"].file(new.id), ("resources",)),
                hint="pass every resource on to another community in the same change",
            )


def worse(
    before: Iterable[Finding],
    after: Iterable[Finding],
    changed: Collection[str],
    moved: Mapping[str, str],
) -> Iterator[Finding]:
    """The new errors, but for those that ending somebody's trust leaves to others.

    An error is known where it was: the same one in another file is new. `moved` has the old
    path of records with a new id, by the new one.

    A person who is suspended may still be a reader in files that are not *changed*; that must
    not delay the suspension. A check that failed before may hide what the change does.
    """
    known: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for finding in before:
        known[finding.code, finding.message] |= {place.file for place in finding.places}
    for finding in after:
        is_left = finding.code in LEFT_TO_BE_DONE and all(
            place.file not in changed for place in finding.places
        )
        files = {moved.get(place.file, place.file) for place in finding.places}
        key = finding.code, finding.message
        is_known = key in known and files <= known[key] and not may_hide(finding, changed)
        if finding.severity is Severity.ERROR and not is_known and not is_left:
            yield finding
