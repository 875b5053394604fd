"""Reviewing a proposed change: what it changes, who must agree, who has, and what is missing.

Authority, accounts and policy come from the base, which is the protected branch as it stands
now. The review is of what merging would give. Both are read as git objects; nothing of the
branch is checked out or run.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from ocs.adapters.git.objects import Changed, Objects, differing, differing_around
from ocs.errors import OcsError
from ocs.model.change import What
from ocs.model.community import Community
from ocs.model.finding import Finding
from ocs.model.ocs import OcsRecord
from ocs.model.person import Person
from ocs.model.registry import Registry
from ocs.model.review import Agreement, Evidence, Outcome, Review
from ocs.rules.checks import run_checks
from ocs.rules.communities.holdings import to_rotate
from ocs.rules.records.paths import is_obeyed_around, twins
from ocs.rules.records.people import is_ghost
from ocs.rules.records.schema import Schemas
from ocs.rules.review import refusals
from ocs.rules.review.authority import Authority
from ocs.rules.review.diff import Pair, amendments, of_file, stays_behind
from ocs.rules.review.requirements import (
    ChangedRecord,
    gainers,
    left_out_of_reach,
    removed,
    verdict_on,
    worst,
)
from ocs.tasks.registry.committree import Tree
from ocs.tasks.review.comparing import (
    Trees,
    also_concerned,
    is_record,
    moved_records,
    pairs_of,
    spoken_of,
)
from ocs.tasks.review.proposals import Proposals


@dataclass(frozen=True, slots=True)
class Given:
    """What the platform says, with accounts as numbers: who opened and reviewed the change.

    Reviews are pairs of account and commit. The person who opened it agrees to the commit
    `opened_with`, or to everything if that is None. `proposed_on` are days and the commit of
    each, in the order in which they became the head. Notice of what is judged counts from the
    first of those that have proposed it without a break since, and not from `opened_on`.

    `weighed_by` are accounts of gatekeepers who have made sure, at a commit, that all this is so;
    `person` is a gatekeeper who does that here and now.
    """

    platform: str = "github"
    reviews: tuple[tuple[str, str], ...] = ()
    opened_by: str | None = None
    opened_on: date | None = None
    opened_with: str | None = None
    proposed_on: tuple[tuple[date, str], ...] = ()
    weighed_by: tuple[tuple[str, str], ...] = ()
    person: str | None = None


def review(
    base: str, head: str, given: Given, today: date, *, objects: Objects, schemas: Schemas
) -> Review:
    """The verdict on merging *head* into *base*.

    Raises OcsError if there are no such commits, they cannot be merged, or the base has no
    valid ocs.yaml.
    """
    for day in (given.opened_on, *(day for day, _ in given.proposed_on)):
        if day is not None and day > today:
            raise OcsError(
                f"the change cannot have been opened on {day}, which is in the future"
            )
    revisions = objects.base(base), objects.revision(head)
    commits = revisions[0].commit, revisions[1].commit
    before = Tree(objects.snapshot(commits[0]), schemas)
    after = before.at(objects.merged(*commits))
    verdict = _Review(Trees(before, after), commits, given, today, objects, schemas).verdict()
    return replace(verdict, branches=(revisions[0].branch, revisions[1].branch))


@dataclass
class _Review:
    trees: Trees
    commits: tuple[str, str]
    given: Given
    today: date
    objects: Objects
    schemas: Schemas
    _ignored: list[str] = field(default_factory=list)
    _proposals: Proposals = field(init=False)

    def verdict(self) -> Review:
        policy = self.trees.before.document("ocs.yaml")
        if policy is None or policy.record is None:
            raise OcsError(
                "the base has no valid ocs.yaml, so ocs cannot tell who must agree",
                "run `ocs validate ocs.yaml` on the base and fix what it lists",
            )
        changed = list(differing(self.trees.before.snapshot, self.trees.after.snapshot))
        records = [file for file in changed if is_record(file.path)]
        others = [file for file in changed if not self._is_record(file.path)]
        around = self._around()
        moved = moved_records(records, self.trees)
        pairs = spoken_of(pairs_of(records, moved, self.trees, self.today), self.trees)
        self._proposals = Proposals(
            self.commits[0],
            self.trees,
            moved,
            {file.path for file in (*changed, *around)},
            objects=self.objects,
            schemas=self.schemas,
        )
        paths = sorted({record.path for record in records} | set(moved.values()))
        extra = also_concerned(pairs, self.trees)
        head = self.trees.after.closure([*paths, *extra])
        # People who gain something are looked up as they were before.
        base = self.trees.before.closure([*paths, *extra, *(other.file for other in head)])
        reviewers = self._reviewers(base, head)
        weighing = self._weighing(base)
        changes = [
            replace(
                change,
                agreements=tuple(self._agreements(change, reviewers)),
                weighed=tuple(self._weighed(change, weighing)),
            )
            for change in (
                *self._of_records(pairs, base, head),
                *self._of_files(others, pairs, base),
                *self._of_files(around, pairs, base, is_around=True),
            )
        ]
        refused = [
            *self._refused_paths(changed, head),
            *self._refusals(records, pairs, moved, base, head),
            *refusals.rebased_otherwise(self._rebased_otherwise()),
            *refusals.removals(lead for change in changes for lead in removed(change)),
            *self._reached(changes),
        ]
        verdicts = [verdict_on(change, self._opened(change)) for change in changes]
        answers = [verdict.answer for verdict in verdicts]
        reviewed = {
            verdict.record for verdict in verdicts if is_record(verdict.amendments[0].file)
        }
        return Review(
            *self.commits,
            worst([*answers, Outcome.REFUSED] if refused else answers),
            tuple(verdicts),
            tuple(refused),
            tuple(dict.fromkeys(self._ignored)),
            unchanged=len(pairs) - len(reviewed),
        )

    def _of_records(
        self, pairs: Iterable[Pair], base: Registry, head: Registry
    ) -> Iterator[ChangedRecord]:
        proposed = next(head.records(OcsRecord), None)
        for pair in pairs:
            changes = tuple(amendments(pair))
            if not changes or pair.after is None:
                continue
            before, after = pair.before.record if pair.before else None, pair.after.record
            community = before if isinstance(before, Community) else None
            who = Authority(base, self.today, community, proposed)
            out = [
                lead for change in changes if change.what in _LEAVING for lead in change.out
            ]
            leaving = {lead.person for lead in out if lead.person}
            behind: tuple[str, ...] = ()
            if community and isinstance(after, Community):
                still = stays_behind(community, after, leaving)
                behind = (*still, *to_rotate(leaving, community))
            yield ChangedRecord(pair.after.reference, changes, who, stays_behind=behind)

    def _of_files(
        self,
        others: Iterable[Changed],
        pairs: Iterable[Pair],
        base: Registry,
        *,
        is_around: bool = False,
    ) -> Iterator[ChangedRecord]:
        documents = [pair.after for pair in pairs if pair.after and not pair.before]
        new_people = {document.id for document in documents if document.kind.name == "person"}
        for other in others:
            is_new = other.before is None
            entries = [entry for entry in (other.before, other.after) if entry]
            is_plain = all(entry.what == "file" for entry in entries)
            change = of_file(
                other.path,
                is_new=is_new,
                is_gone=other.after is None,
                is_plain=is_plain,
                is_around=is_around,
            )
            is_theirs = is_new and is_plain and change.subject in new_people
            if change.what is What.IDENTITY and is_theirs:
                sentence = f"the key of {change.subject}, who is new here"
                change = replace(change, what=What.APPLICANT, sentence=sentence)
            yield ChangedRecord(other.path, (change,), Authority(base, self.today))

    def _is_record(self, path: str) -> bool:
        """Is or was there a record at a path? Other files lie in the folders of records too."""
        return is_record(path) and any(tree.is_record(path) for tree in self.trees)

    def _around(self) -> list[Changed]:
        """Changed files beside the registry's folder that a host or a program obeys."""
        before, after = (tree.snapshot for tree in self.trees)
        registry = "/".join(before.below)
        return [
            change
            for change in differing_around(before, after)
            if is_obeyed_around(posixpath.normpath(f"{registry}/{change.path}"))
        ]

    def _opened(self, record: ChangedRecord) -> date | None:
        """The day from which notice of what a record says counts."""
        days = self.given.proposed_on
        if not days:
            return self.given.opened_on
        path = record.amendments[0].file
        opened = None
        # What stood there before something else did was not announced meanwhile.
        for day, commit in sorted(days, key=lambda one: one[0])[::-1]:
            if self._proposals.against(path, commit):
                break
            opened = day
        return opened

    def _reviewers(self, base: Registry, head: Registry) -> list[_Reviewer]:
        """Everybody who agrees, by the accounts that they had before the change."""
        opener, opened_with = self.given.opened_by, self.given.opened_with
        accounts: list[tuple[str, str | None, Evidence]] = [
            *((account, commit, Evidence.REVIEWED) for account, commit in self.given.reviews),
            *([(opener, opened_with, Evidence.OPENED)] if opener else []),
        ]
        reviewers = []
        for account, commit, evidence in accounts:
            name = f"{self.given.platform}:{account}"
            people = self._with_account(account, base)
            later = self._with_account(account, head)
            if len(people) == 1:
                how = f"{'review' if evidence is Evidence.REVIEWED else 'opened'} by {name}"
                reviewers.append(_Reviewer(people[0], commit, evidence, how))
            elif people:
                self._ignored.append(
                    f"the account {name} is claimed by {' and '.join(people)}, so it does not count"
                )
            elif is_ghost(self.given.platform, account):
                self._ignored.append(
                    f"the account {name} stands for deleted accounts: nobody's"
                )
            elif later:
                self._ignored.append(
                    f"the account {name} belongs to {later[0]} only by this change, "
                    "and to nobody before it"
                )
            else:
                self._ignored.append(f"{name} is not an account of a person who must agree")
        return reviewers

    def _weighing(self, base: Registry) -> list[tuple[str, str | None]]:
        """Gatekeepers who have made sure that the platform's word is right, and the commits."""
        gatekeepers = Authority(base, self.today).gatekeepers()
        weighing: list[tuple[str, str | None]] = []
        for account, commit in self.given.weighed_by:
            people = self._with_account(account, base)
            if len(people) == 1 and people[0] in gatekeepers:
                weighing.append((people[0], commit))
            else:
                name = f"{self.given.platform}:{account}"
                self._ignored.append(f"{name} is no gatekeeper, and cannot weigh anything")
        if self.given.person is not None:
            person = base.now_called("person", self.given.person)
            if person not in gatekeepers:
                raise OcsError(
                    f"{self.given.person} is no gatekeeper in the base whose vetting counts",
                    "--as takes your own id; see `gatekeepers:` in ocs.yaml",
                )
            weighing.append((person, None))
        return weighing

    def _weighed(
        self, record: ChangedRecord, weighing: Iterable[tuple[str, str | None]]
    ) -> Iterator[str]:
        """Gatekeepers who may and do take the platform's word for a record; each once."""
        path = record.amendments[0].file
        may = record.who.gatekeepers(gainers(record.amendments, record.who))
        proposed = (
            person
            for person, commit in weighing
            if person in may and not (commit and self._proposals.against(path, commit))
        )
        yield from dict.fromkeys(proposed)

    def _with_account(self, account: str, registry: Registry) -> list[str]:
        """The people with an account; nobody has the one that stands for deleted accounts."""
        if is_ghost(self.given.platform, account):
            return []
        key = f"{self.given.platform}_id"
        return [
            person.id
            for person in registry.records(Person)
            if str(person.accounts.get(key, "")) == account
        ]

    def _agreements(
        self, record: ChangedRecord, reviewers: Iterable[_Reviewer]
    ) -> Iterator[Agreement]:
        for person, commit, evidence, how in reviewers:
            why = self._proposals.against(record.amendments[0].file, commit) if commit else ""
            if not why:
                yield Agreement(person, record.name, evidence, how)
                continue
            what = f"the {how}" if evidence is Evidence.REVIEWED else f"that it was {how}"
            said = f"{what} is for {str(commit)[:12]}, {why.format(record.name)}: agree again"
            self._ignored.append(said)

    def _refused_paths(self, changed: Iterable[Changed], head: Registry) -> Iterator[Finding]:
        paths = [file.path for file in changed if file.after is not None]
        yield from refusals.same_on_some_disks(twins(paths, self.trees.after.snapshot.listed))
        yield from refusals.same_on_some_disks(self._twins_of_registry())
        yield from refusals.unknown_folders(paths, head.policy.also)

    def _twins_of_registry(self) -> Iterator[tuple[str, str]]:
        """Folders that a disk takes for the one in which the registry is, or for one above it."""
        before, after = (tree.snapshot for tree in self.trees)
        registry, top = "/".join(before.below), "../" * len(before.below)
        paths = [
            posixpath.normpath(f"{registry}/{change.path}")
            for change in differing_around(before, after)
            if change.after is not None
        ]
        for path, other in twins(paths, lambda folder: after.listed(f"{top}{folder}")):
            if f"{registry}/".startswith(f"{other}/"):
                yield path, other

    def _refusals(
        self,
        records: Sequence[Changed],
        pairs: Sequence[Pair],
        moved: Mapping[str, str],
        base: Registry,
        head: Registry,
    ) -> Iterator[Finding]:
        before, after = self.trees
        paths = {record.path for record in records}
        findings = [finding for record in records for finding in after.findings(record.path)]
        known = [finding for record in records for finding in before.findings(record.path)]
        yield from refusals.worse(known, findings, paths, moved)
        gone = [record.path for record in records if record.after is None]
        yield from refusals.vanished(
            path for path in gone if path not in moved.values() and before.is_record(path)
        )
        yield from refusals.unreadable_before(
            record.path for record in records if self._is_broken(record.path)
        )
        new = [
            pair.after
            for pair in pairs
            if pair.after and (not pair.before or pair.before.id != pair.after.id)
        ]
        yield from refusals.lookalikes(new, base.present)
        yield from refusals.squatted(
            pair.after for pair in pairs if pair.after and not pair.before
        )
        yield from refusals.too_few_gatekeepers(base, head, self.today)
        yield from refusals.archived_with_resources(
            (pair.before, pair.after) for pair in pairs
        )
        yield from refusals.worse(
            run_checks(base, self.today, lambda code: True),
            run_checks(head, self.today, lambda code: True),
            paths,
            moved,
        )

    def _rebased_otherwise(self) -> list[str]:
        """Files in which rebasing the branch would land something else than merging it."""
        merged = self.trees.after.snapshot
        paths = {
            change.path
            for landed in self.objects.rebased(*self.commits)
            for change in (*differing(merged, landed), *differing_around(merged, landed))
        }
        return sorted(paths)[:_MOST_NAMED]

    def _reached(self, changes: Iterable[ChangedRecord]) -> Iterator[Finding]:
        for change in changes:
            path = change.amendments[0].file
            document = self.trees.after.document(path) if is_record(path) else None
            if document is not None and isinstance(document.record, Community):
                leads = left_out_of_reach(change, document.record)
                yield from refusals.reached_after_all(path, leads)

    def _is_broken(self, path: str) -> bool:
        """Is a record unreadable before the change, and does somebody have a say in it?"""
        document = self.trees.before.document(path)
        is_readable = document is not None and document.record is not None
        needs_consent = not path.startswith("problems/")
        return needs_consent and not is_readable and self.trees.before.is_record(path)


# Nobody reads more refusals of one kind.
_MOST_NAMED = 20
_LEAVING = (What.OWNER_HANDOVER, What.OWNER_GONE, What.PEER_GONE)


class _Reviewer(NamedTuple):
    """A person who agrees to a commit, or to everything; `how` is the evidence in words."""

    person: str
    commit: str | None
    evidence: Evidence
    how: str
