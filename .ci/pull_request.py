"""What the platform says of a pull request, for `ocs review`; and telling on the platform what
ocs says.

`read FOLDER` asks the platform: which branch is the base, which commit the head, who approved
which commit, who opened it, and since when it is what it is. `tell FOLDER` writes the verdict
as a comment, as a status of the commit, into the job's summary and as annotations. It speaks
to GitHub, and to Forgejo, whose interface is the same here.

What must hold, in words:
- Only numbers, commit ids and times of the platform go to ocs; no title, no name, no date of a
  commit.
- A review counts for the commit that it was given for, unless its author has taken it back
  since.
- From when notice counts, and to what the opener agrees, is known from a status that this
  action gave the commit when it became the head, with the account that put it there.
- Only a comment of our own is written over.
"""

from __future__ import annotations

import json
import os
import re
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

MARK = "<!-- ocs: what this changes, and who must agree -->"
VERDICT, PROPOSED = "ocs", "ocs: proposed"
# Accounts under which a job speaks; nobody else can have them.
OURSELVES = ("github-actions[bot]", "forgejo-actions", "gitea-actions")
# How the head becomes another commit, or is put forward anew.
PROPOSING = ("opened", "reopened", "synchronize", "synchronized")
MOST_PAGES, MOST_COMMITS = 30, 100
LONGEST_COMMENT, LONGEST_SUMMARY, LONGEST_FINDINGS = 60_000, 900_000, 20_000
STATES = {"allowed": "success", "not yet": "pending", "cannot tell": "pending"}


class Platform:
    """The interface of GitHub or Forgejo for one repository."""

    def __init__(self) -> None:
        repository = os.environ["GITHUB_REPOSITORY"]
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
            raise SystemExit(f"{repository!r} is no repository")
        self._address = f"{os.environ['GITHUB_API_URL'].rstrip('/')}/repos/{repository}/"

    def ask(self, what: str, method: str = "GET", **body: str) -> Any:
        """The answer to a question, or what became of a change."""
        request = urllib.request.Request(  # noqa: S310  the runner names the address
            self._address + what,
            json.dumps(body).encode() if body else None,
            {
                "Authorization": f"Bearer {os.environ['TOKEN']}",
                "Accept": "application/json",
                "Content-Type": "application/json",
            },
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.load(answer)

    def every(self, what: str) -> Iterator[Any]:
        """The items of all pages; some lists have no pages, and are the same each time."""
        last = None
        for page in range(1, MOST_PAGES + 1):
            items = self.ask(f"{what}?per_page=100&limit=50&page={page}")
            if not items or items == last:
                return
            yield from items
            last = items
        raise SystemExit(f"there are too many {what.rpartition('/')[2]} to be looked at")


def number_of(event: dict[str, Any]) -> int:
    """The number of the pull request: as the workflow says, else the one that the event is
    about.
    """
    about = event.get("pull_request") or event.get("issue") or {}
    number = os.environ.get("NUMBER") or str(about.get("number", ""))
    if not re.fullmatch(r"[1-9][0-9]{0,8}", number):
        raise SystemExit("this event is about no pull request: name one with `pull-request:`")
    return int(number)


def commit(text: object) -> str:
    """A whole commit id, as it goes to git."""
    if not re.fullmatch(r"[0-9a-f]{40}([0-9a-f]{24})?", str(text)):
        raise SystemExit("the platform names a commit that is none")
    return str(text)


def approvals(reviews: list[dict[str, Any]]) -> Iterator[str]:
    """`ACCOUNT@COMMIT` of every approval that nobody has taken back, given by the account's
    newest review.
    """
    newest: dict[int, dict[str, Any]] = {}
    for each in sorted(reviews, key=lambda each: int(each["id"])):
        # A comment takes nothing back; who has deleted their account is nobody's number.
        if each.get("user") and each["state"] in (
            "APPROVED",
            "CHANGES_REQUESTED",
            "REQUEST_CHANGES",
            "DISMISSED",
        ):
            newest[int(each["user"]["id"])] = each
    for account, each in newest.items():
        if each["state"] == "APPROVED" and not each.get("dismissed") and each.get("commit_id"):
            yield f"{account}@{commit(each['commit_id'])}"


def proposals(platform: Platform, shas: list[str]) -> Iterator[tuple[str, str, str]]:
    """Each commit that was the head, with the time from which it was, and the account that put
    it there.
    """
    for sha in shas:
        given = [
            each
            for each in platform.every(f"commits/{sha}/statuses")
            if each["context"] == PROPOSED
        ]
        # Forgejo may know no creator of what its own jobs write; nobody without rights can
        # write any.
        own = [
            each
            for each in given
            if (each.get("creator") or {}).get("login", OURSELVES[0]) in OURSELVES
        ]
        for each in sorted(own, key=lambda each: str(each["created_at"]))[:1]:
            yield sha, str(each["created_at"]), str(each["description"]).rpartition(" ")[2]


def propose(platform: Platform, event: dict[str, Any], head: str) -> tuple[str, str, str]:
    """Note that a commit is the head now, and who has put it there where the event says so."""
    is_now = event.get("action") in PROPOSING and event["pull_request"]["head"]["sha"] == head
    account = str(event["sender"]["id"]) if is_now else "unknown"
    platform.ask(
        f"statuses/{head}",
        "POST",
        state="success",
        context=PROPOSED,
        description=f"by account {account}",
    )
    return head, datetime.now(UTC).isoformat(timespec="seconds"), account


def read(folder: Path) -> None:
    """Write down what ocs and git are to be asked: `base`, `head`, `given`, and `earlier`
    commits.
    """
    platform = Platform()
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    number = number_of(event)
    (folder / "number").write_text(str(number))
    pull = platform.ask(f"pulls/{number}")
    head = commit(pull["head"]["sha"])
    (folder / "head").write_text(head)
    (folder / "base").write_text(pull["base"]["ref"])
    shas = [commit(each["sha"]) for each in platform.every(f"pulls/{number}/commits")][
        -MOST_COMMITS:
    ]
    known = list(proposals(platform, list(dict.fromkeys([*shas, head]))))
    if head not in (sha for sha, _, _ in known):
        known.append(propose(platform, event, head))
    given = ["--platform", os.environ["PLATFORM"]]
    for review in approvals(list(platform.every(f"pulls/{number}/reviews"))):
        given += ["--reviewed-by", review]
    for sha, time, _ in known:
        given += ["--opened-at", f"{datetime.fromisoformat(time).isoformat()}@{sha}"]
    opener = str(int(pull["user"]["id"])) if pull.get("user") else ""
    own = [sha for sha, _, account in known if account == opener]
    if own:
        given += ["--opened-by", f"{opener}@{own[-1]}"]
    (folder / "given").write_text("\n".join(given) + "\n")
    earlier = {each.rpartition("@")[2] for each in given if "@" in each}
    (folder / "earlier").write_text("".join(f"{sha}\n" for sha in sorted(earlier)))


def tell(folder: Path) -> None:
    """Tell the verdict everywhere; the job fails unless everything is in order."""
    said = _said(folder)
    answer, sentence = _answer(folder)
    _append(os.environ.get("GITHUB_STEP_SUMMARY"), _cut(said, LONGEST_SUMMARY))
    _append(os.environ.get("GITHUB_OUTPUT"), f"answer={answer}\n")
    _annotate(folder)
    if (folder / "head").exists():
        platform = Platform()
        _comment(
            platform, (folder / "number").read_text(), f"{MARK}\n{_cut(said, LONGEST_COMMENT)}"
        )
        state = STATES.get(answer, "failure")
        head = (folder / "head").read_text()
        platform.ask(
            f"statuses/{head}",
            "POST",
            state=state,
            context=VERDICT,
            description=sentence[:139] or answer,
        )
    sys.exit(0 if answer == "allowed" else 1)


def _status(folder: Path, name: str) -> int:
    path = folder / f"{name}.status"
    return int(path.read_text()) if path.exists() else -1


def _fault(folder: Path) -> str:
    """Why nobody can say anything, in a sentence; empty where ocs has said what there is to
    say.
    """
    if (folder / "fault").exists():
        return (folder / "fault").read_text().strip()
    for name in ("findings", "verdict", "answer"):
        status = _status(folder, name)
        if status in (124, 137):
            return "the branch took too long to judge: it is too large, or made to take long"
        if status == -1:
            return "a step before this one failed: see the job's log"
        if status > 2 or (status == 2 and not (folder / name).read_text().strip()):
            told = (folder / f"{name}.told").read_text(encoding="utf-8", errors="replace")
            return (
                told.strip().replace("\n", "; ").removeprefix("error: ")
                or f"ocs ended with status {status}"
            )
    return ""


def _answer(folder: Path) -> tuple[str, str]:
    """The answer in a word, and in a sentence."""
    fault = _fault(folder)
    if fault:
        return "refused", _plain(fault)
    answer = json.loads((folder / "answer").read_text(encoding="utf-8"))["answer"]
    if _status(folder, "findings"):
        return "refused", "records are not as they should be"
    first = (folder / "verdict").read_text(encoding="utf-8").partition("\n")[0]
    return answer, first.strip("*")


def _said(folder: Path) -> str:
    """All of it as Markdown. What ocs found stands in a fence that nothing in it can end."""
    fault = _fault(folder)
    if fault:
        return f"**ocs cannot judge this**: `{_plain(fault)}`\n"
    said = (folder / "verdict").read_text(encoding="utf-8")
    found = (folder / "findings").read_text(encoding="utf-8")
    if not found.strip():
        return said
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", found) or [""]))
    title = "Not as it should be" if _status(folder, "findings") else "Worth a look"
    return f"{said}\n### {title}\n\n{fence}\n{_cut(found, LONGEST_FINDINGS)}{fence}\n"


def _plain(text: str) -> str:
    return " ".join(text.replace("`", "'").split())


def _cut(text: str, most: int) -> str:
    """As many whole lines as fit; those who want more find the rest in the log."""
    if len(text.encode()) <= most:
        return text
    kept = text.encode()[:most].decode("utf-8", "ignore").rpartition("\n")[0]
    return f"{kept}\n\nand more, which is not shown\n"


def _annotate(folder: Path) -> None:
    """Print the annotations, and everything else so that the runner takes none of it for a
    command.
    """
    token = uuid.uuid4().hex
    lines: list[str] = []
    for name in ("findings.annotations", "verdict.annotations"):
        for part in (name, f"{name}.told"):
            path = folder / part
            lines += (
                path.read_text(encoding="utf-8", errors="replace").splitlines()
                if path.exists()
                else []
            )
    ours = [line for line in lines if re.match("::(error|warning|notice) ", line)]
    rest = (line for line in lines if line not in ours)
    print(*ours, f"::stop-commands::{token}", *rest, sep="\n")  # noqa: T201
    if fault := _fault(folder):
        print(_plain(fault))  # noqa: T201
    print(f"::{token}::")  # noqa: T201


def _append(path: str | None, text: str) -> None:
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)


def _comment(platform: Platform, number: str, text: str) -> None:
    """Write the comment, in place of the one that was written before."""
    for each in platform.every(f"issues/{number}/comments"):
        if (
            each["body"].startswith(MARK)
            and (each.get("user") or {}).get("login") in OURSELVES
        ):
            if each["body"] != text:
                platform.ask(f"issues/comments/{int(each['id'])}", "PATCH", body=text)
            return
    platform.ask(f"issues/{number}/comments", "POST", body=text)


def main() -> None:
    what, folder = sys.argv[1], Path(sys.argv[2])
    try:
        {"read": read, "tell": tell}[what](folder)
    except urllib.error.HTTPError as error:
        where = error.url.partition("?")[0]
        raise SystemExit(f"the platform says {error.code} {error.reason} to {where}") from None
    except (urllib.error.URLError, TimeoutError) as error:
        raise SystemExit(f"the platform does not answer: {error}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise SystemExit(f"the platform answers otherwise than expected: {error!r}") from None


if __name__ == "__main__":
    main()
