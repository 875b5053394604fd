"""Reviewing a proposed change: what it changes, who must agree, who has, and what is missing.

Authority, accounts and policy are read from the base, which is the protected branch as it
stands now. Judged is what merging would give. Both are read as git's objects; nothing of the
branch is checked out or run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ocs.adapters.git.objects import Changed, Objects, differing
from ocs.errors import OcsError
from ocs.model.change import What
from ocs.model.community import Community
from ocs.model.finding import Finding
from ocs.model.kinds import RECORD_FOLDERS
from ocs.model.ocs import OcsRecord
from ocs.model.person import Person
from ocs.model.registry import Registry
from ocs.model.review import Agreement, Evidence, Outcome, Review, Verdict
from ocs.rules.checks import run_checks
from ocs.rules.communities.holdings import to_rotate
from ocs.rules.records.schema import Schemas
from ocs.rules.review import refusals
from ocs.rules.review.authority import Authority
from ocs.rules.review.diff import Pair, amendments, of_file, stays_behind
from ocs.rules.review.protected import facts
from ocs.rules.review.requirements import ChangedRecord, removed, verdict_on, worst
from ocs.tasks.registry.committree import Tree
from ocs.tasks.review.comparing import Trees, also_concerned, moved_records, pairs_of


@dataclass(frozen=True, slots=True)
class Given:
    """What the platform says: who reviewed which commit, who opened it, and when. Accounts are
    numbers.

    Whoever opened it agrees to what `opened_with` says, or to all of it where that is None.
    `proposed_on` are days on which it was a certain commit: notice of what that one says
    counts from there, rather than from the day on which it was opened.
    """

    platform: str = "github"
    reviews: tuple[tuple[str, str], ...] = ()
    opened_by: str | None = None
    opened_on: date | None = None
    opened_with: str | None = None
    proposed_on: tuple[tuple[date, str], ...] = ()


def review(
    base: str, head: str, given: Given, today: date, *, objects: Objects, schemas: Schemas
) -> Review:
    """The verdict on merging *head* into *base*.

    Raises OcsError where there are no such commits, they cannot be merged, or nobody can tell
    who has a say.
    """
    for day in (given.opened_on, *(day for day, _ in given.proposed_on)):
        if day is not None and day > today:
            raise OcsError(f"it cannot have been opened on {day}, which is yet to come")
    commits = objects.commit(base), objects.commit(head)
    before = Tree(objects.snapshot(commits[0]), schemas)
    after = before.at(objects.merged(*commits))
    return _Review(Trees(before, after), commits, given, today, objects, schemas).verdict()


@dataclass
class _Review:
    trees: Trees
    commits: tuple[str, str]
    given: Given
    today: date
    objects: Objects
    schemas: Schemas
    _ignored: list[str] = field(default_factory=list)

    def verdict(self) -> Review:
        self._check_policy()
        changed = list(differing(self.trees.before.snapshot, self.trees.after.snapshot))
        records = [file for file in changed if _is_record(file.path)]
        others = [file for file in changed if not _is_record(file.path)]
        moved = moved_records(records, self.trees)
        pairs = pairs_of(records, moved, self.trees, self.today)
        paths = sorted({record.path for record in records} | set(moved.values()))
        extra = also_concerned(pairs, self.trees)
        head = self.trees.after.closure([*paths, *extra])
        # Whoever is to gain something is looked up as they were before.
        base = self.trees.before.closure(
            [*paths, *extra, *(document.file for document in head)]
        )
        reviewers = self._reviewers(base, head)
        changes = [*self._of_records(pairs, base, head), *self._of_files(others, pairs, base)]
        agreed = [
            replace(change, agreements=tuple(self._agreements(change, reviewers)))
            for change in changes
        ]
        found = [*self._refusals(records, pairs, moved, base, head), *self._removals(agreed)]
        answers: list[Verdict] = [
            verdict_on(record, self._opened(record)) for record in agreed
        ]
        answer = worst(
            [*(verdict.answer for verdict in answers), *([Outcome.REFUSED] if found else [])]
        )
        unchanged = len(pairs) - len(
            {verdict.record for verdict in answers if not _is_file(verdict)}
        )
        return Review(
            *self.commits,
            answer,
            tuple(answers),
            tuple(found),
            tuple(dict.fromkeys(self._ignored)),
            unchanged,
        )

    def _check_policy(self) -> None:
        policy = self.trees.before.document("ocs.yaml")
        if policy is None or policy.record is None:
            raise OcsError(
                "the base has no ocs.yaml as it should be, so nobody can tell who has a say",
                "mend it first: `ocs validate ocs.yaml` says how",
            )

    def _of_records(
        self, pairs: Iterable[Pair], base: Registry, head: Registry
    ) -> Iterator[ChangedRecord]:
        proposed = next(head.records(OcsRecord), None)
        for pair in pairs:
            found = tuple(amendments(pair))
            if not found or pair.after is None:
                continue
            was = pair.before.record if pair.before else None
            community = was if isinstance(was, Community) else None
            who = Authority(base, self.today, community, proposed)
            leaving = {
                lead.person
                for change in found
                if change.what in _LEAVING
                for lead in change.out
                if lead.person
            }
            now = pair.after.record
            behind: tuple[str, ...] = ()
            if community and isinstance(now, Community):
                behind = (
                    *stays_behind(community, now, leaving),
                    *to_rotate(leaving, community),
                )
            yield ChangedRecord(pair.after.reference, found, who, stays_behind=behind)

    def _of_files(
        self, others: Iterable[Changed], pairs: Iterable[Pair], base: Registry
    ) -> Iterator[ChangedRecord]:
        documents = [pair.after for pair in pairs if pair.after and not pair.before]
        new_people = {document.id for document in documents if document.kind.name == "person"}
        for other in others:
            change = of_file(
                other.path, is_new=other.before is None, is_gone=other.after is None
            )
            if (
                change.what is What.IDENTITY
                and other.before is None
                and change.subject in new_people
            ):
                change = replace(
                    change,
                    what=What.APPLICANT,
                    sentence=f"the key of {change.subject}, who is new here",
                )
            yield ChangedRecord(other.path, (change,), Authority(base, self.today))

    def _opened(self, record: ChangedRecord) -> date | None:
        """The day from which notice of what a record is to say counts."""
        if not self.given.proposed_on:
            return self.given.opened_on
        days = self.given.proposed_on
        return min(
            (day for day, commit in days if self._says_the_same(record, commit)), default=None
        )

    def _reviewers(
        self, base: Registry, head: Registry
    ) -> list[tuple[str, str | None, Evidence, str]]:
        """Everybody who agrees, by the accounts that they had before: person, commit,
        evidence, in words.
        """
        found = []
        given = [
            (account, commit, Evidence.REVIEWED) for account, commit in self.given.reviews
        ]
        opener = (self.given.opened_by, self.given.opened_with, Evidence.OPENED)
        opened = [opener] if self.given.opened_by else []
        for account, commit, evidence in [*given, *opened]:
            name = f"{self.given.platform}:{account}"
            people = self._with_account(str(account), base)
            if len(people) == 1:
                how = f"{'review' if evidence is Evidence.REVIEWED else 'opened'} by {name}"
                found.append((people[0], commit, evidence, how))
                continue
            later = [person for person in self._with_account(str(account), head) if not people]
            if people:
                self._ignored.append(
                    f"the account {name} is claimed by {' and '.join(people)}, so it tells nothing"
                )
            elif later:
                self._ignored.append(
                    f"the account {name} is {later[0]}'s only by this change; before "
                    "it, it is nobody's here"
                )
            else:
                self._ignored.append(
                    f"the account {name} is of nobody whose agreement is asked for"
                )
        return found

    def _with_account(self, account: str, registry: Registry) -> list[str]:
        key = f"{self.given.platform}_id"
        return [
            person.id
            for person in registry.records(Person)
            if str(person.accounts.get(key, "")) == account
        ]

    def _agreements(
        self, record: ChangedRecord, reviewers: Iterable[tuple[str, str | None, Evidence, str]]
    ) -> Iterator[Agreement]:
        for person, commit, evidence, how in reviewers:
            if commit is None or self._says_the_same(record, commit):
                yield Agreement(person, record.name, evidence, how)
            else:
                what = f"the {how}" if evidence is Evidence.REVIEWED else f"that it was {how}"
                is_here = self.objects.find_commit(commit) is not None
                why = (
                    f"where {record.name} said something else"
                    if is_here
                    else "which is not here"
                )
                self._ignored.append(f"{what} is for {commit[:12]}, {why}: give it again")

    def _says_the_same(self, record: ChangedRecord, commit: str) -> bool:
        """Are the facts of a record in a commit those that merging would give?"""
        if self.objects.find_commit(commit) is None:
            return False
        path = record.amendments[0].file
        then = self.trees.before.at(self.objects.snapshot(commit))
        if not _is_record(path):
            return self.trees.after.snapshot.entry(path) == then.snapshot.entry(path)
        now, was = self.trees.after.document(path), then.document(path)
        if now is None or was is None:
            return False
        shape = self.schemas.of(now.kind)
        return facts(was.tree, shape) == facts(now.tree, shape)

    def _refusals(
        self,
        records: Sequence[Changed],
        pairs: Sequence[Pair],
        moved: Mapping[str, str],
        base: Registry,
        head: Registry,
    ) -> Iterator[Finding]:
        wrong = [
            found for record in records for found in self.trees.after.findings(record.path)
        ]
        known = [
            found for record in records for found in self.trees.before.findings(record.path)
        ]
        paths = {record.path for record in records}
        yield from refusals.worse(known, wrong, paths)
        gone = [
            record
            for record in records
            if record.after is None and record.path not in moved.values()
        ]
        yield from refusals.vanished(
            file.path for file in gone if self.trees.before.is_record(file.path)
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
        yield from refusals.archived_with_resources(
            (pair.before, pair.after) for pair in pairs
        )
        were = run_checks(base, self.today, lambda code: True)
        found = run_checks(head, self.today, lambda code: True)
        yield from refusals.worse(were, found, paths)

    def _is_broken(self, path: str) -> bool:
        """Is there a record before that cannot be read, and that somebody has a say in?"""
        document = self.trees.before.document(path)
        is_readable = document is not None and document.record is not None
        return (
            not is_readable
            and not path.startswith("problems/")
            and self.trees.before.is_record(path)
        )

    def _removals(self, records: Iterable[ChangedRecord]) -> Iterator[Finding]:
        yield from refusals.removals(lead for record in records for lead in removed(record))


_LEAVING = (What.OWNER_HANDOVER, What.OWNER_GONE, What.PEER_GONE)


def _is_record(path: str) -> bool:
    return path == "ocs.yaml" or path.partition("/")[0] in RECORD_FOLDERS


def _is_file(verdict: Verdict) -> bool:
    return not _is_record(verdict.amendments[0].file)
