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
  since. The account that stands for all deleted ones is nobody's.
- From when notice counts, and to what the opener agrees, is known from a status that this
  action gave the commit when it became the head of this pull request, with the account that
  put it there. Reopening tells nobody's agreement: somebody else may have pushed meanwhile.
- Notice runs while everybody can see the pull request: it begins anew when it is reopened, is
  no draft any more, gets another base, or other commits in place of its own.
- The status `ocs` is about merging into the default branch. For another base it has another
  name, since the commit may be the head for both.
- A job that read an older state writes over nothing that one with a newer state has written.
- Only a comment of our own is written over.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shlex
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

MARK = "<!-- ocs: what this changes, and who must agree -->"
VERDICT = "ocs"
READ = "<!-- ocs: read at {} -->"
# Accounts under which a job speaks. Nobody else can have them on that platform, but on others.
OURSELVES = {
    "github": ("github-actions[bot]",),
    "codeberg": ("forgejo-actions", "gitea-actions"),
}
# The events whose sender has put the head where it is.
PROPOSING = ("opened", "synchronize", "synchronized")
# What begins notice anew, as GitHub and Forgejo call it.
RESTARTING = (
    "reopened",
    "ready_for_review",
    "base_ref_changed",
    "automatic_base_change_succeeded",
    "head_ref_force_pushed",
    "reopen",
    "change_target_branch",
)
# Forgejo tells a draft by its title.
FORCE_PUSH = re.compile(r'"is_force_push"\s*:\s*true')
DRAFT_TITLE = re.compile(r"\s*\[?(wip|draft)\b", re.IGNORECASE)
UNKNOWN = "unknown"
# GitHub's account in place of all deleted ones.
GHOST = 10137
TAKING_BACK = ("CHANGES_REQUESTED", "REQUEST_CHANGES", "DISMISSED")
COMMENTING = ("COMMENTED", "COMMENT")
# What `ocs review --as ME` asks a gatekeeper to write into a review.
WEIGHED = re.compile(
    r"^\s*`?ocs review --as [\w.-]+ ([0-9a-f]{40}(?:[0-9a-f]{24})?)`?\s*$", re.MULTILINE
)
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


def is_ours(account: dict[str, Any] | None, *, without: bool = False) -> bool:
    """Is this an account under which a job speaks?

    Forgejo may know no creator of a status that its own jobs write, and nobody without rights
    can write any: *without* takes that for ours.
    """
    name = os.environ["PLATFORM"]
    if not account:
        return without and name != "github"
    return account.get("login") in OURSELVES.get(name, ())


def commit(text: object) -> str:
    """A whole commit id, as it goes to git."""
    if not re.fullmatch(r"[0-9a-f]{40}([0-9a-f]{24})?", str(text)):
        raise SystemExit("the platform names a commit that is none")
    return str(text)


def account_of(review: dict[str, Any]) -> int:
    """The number of the account that wrote a review; 0 for nobody's."""
    number = int((review.get("user") or {}).get("id") or 0)
    return number if number > 0 and number != GHOST else 0


def standing(reviews: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every review that nobody has taken back, with its account, the newest last."""
    ordered = sorted(reviews, key=lambda each: int(each["id"]))
    back = {
        account_of(each): int(each["id"]) for each in ordered if each["state"] in TAKING_BACK
    }
    for each in ordered:
        account = account_of(each)
        if account and int(each["id"]) > back.get(account, 0) and not each.get("dismissed"):
            yield account, each


def approvals(reviews: list[dict[str, Any]]) -> Iterator[str]:
    """`ACCOUNT@COMMIT` of the newest approval of each account, if nobody has taken it back."""
    newest = {
        account: each for account, each in standing(reviews) if each["state"] == "APPROVED"
    }
    for account, each in newest.items():
        if each.get("commit_id"):
            yield f"{account}@{commit(each['commit_id'])}"


def words(reviews: list[dict[str, Any]]) -> Iterator[tuple[int, str]]:
    """Account and commit of what `ocs review --as ME` asked somebody to write into a review."""
    for account, each in standing(reviews):
        if each["state"] in ("APPROVED", *COMMENTING):
            for found in WEIGHED.finditer(str(each.get("body") or "")):
                yield account, found[1]


class Head(NamedTuple):
    """A commit that was the head, from when on, and the accounts that are known to have put it
    there.
    """

    sha: str
    time: str
    accounts: frozenset[str]


def proposed(number: int) -> str:
    """The context of the status by which a commit is known to have been the head."""
    return f"ocs: proposed #{number}"


def heads(platform: Platform, number: int, shas: list[str]) -> Iterator[Head]:
    """Each of these commits that was the head of the pull request."""
    for sha in shas:
        given = [
            each
            for each in platform.every(f"commits/{sha}/statuses")
            if each["context"] == proposed(number)
        ]
        own = [each for each in given if is_ours(each.get("creator"), without=True)]
        if own:
            accounts = {str(each["description"]).rpartition(" ")[2] for each in own}
            first = min((str(each["created_at"]) for each in own), key=moment)
            yield Head(sha, first, frozenset(accounts - {UNKNOWN}))


def note(platform: Platform, number: int, event: dict[str, Any], head: Head) -> Head:
    """Note that a commit is the head now, and who has put it there where the event says so."""
    is_evidence = (
        event.get("action") in PROPOSING
        and event["pull_request"]["number"] == number
        and event["pull_request"]["head"]["sha"] == head.sha
    )
    account = str(int(event["sender"]["id"])) if is_evidence else UNKNOWN
    if account in head.accounts or (head.time and account == UNKNOWN):
        return head
    platform.ask(
        f"statuses/{head.sha}",
        "POST",
        state="success",
        context=proposed(number),
        description=f"by account {account}",
    )
    return Head(head.sha, head.time or now(), head.accounts | ({account} - {UNKNOWN}))


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def moment(time: str) -> datetime:
    parsed = datetime.fromisoformat(time)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def visible_since(platform: Platform, pull: dict[str, Any]) -> str:
    """Since when everybody sees the pull request as it is; empty for from the beginning on."""
    if pull.get("draft") or pull.get("state", "open") != "open":
        return now()
    where = "events" if os.environ["PLATFORM"] == "github" else "timeline"
    times = [
        str(each["created_at"])
        for each in platform.every(f"issues/{int(pull['number'])}/{where}")
        if (each.get("event") or each.get("type")) in RESTARTING
        or DRAFT_TITLE.match(str(each.get("old_title") or ""))
        or (each.get("type") == "pull_push" and FORCE_PUSH.search(str(each.get("body"))))
    ]
    return max(times, key=moment, default="")


def read(folder: Path) -> None:
    """Write down what ocs and git are to be asked: `base`, `head`, `given`, and `earlier`
    commits; and when it was read, and as what the verdict is to be told.
    """
    platform = Platform()
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    number = number_of(event)
    (folder / "number").write_text(str(number))
    (folder / "read").write_text(now())
    pull = platform.ask(f"pulls/{number}")
    sha, base = commit(pull["head"]["sha"]), str(pull["base"]["ref"])
    (folder / "head").write_text(sha)
    (folder / "base").write_text(base)
    default = pull["base"]["repo"]["default_branch"]
    context = VERDICT if base == default else f"{VERDICT}: into {base}"[:200]
    (folder / "context").write_text(context)
    if pull.get("draft"):
        (folder / "draft").touch()
    # What was said of this commit before may be of another pull request.
    say = {"context": context, "description": "ocs is judging this"}
    platform.ask(f"statuses/{sha}", "POST", state="pending", **say)
    shas = [commit(each["sha"]) for each in platform.every(f"pulls/{number}/commits")]
    known = list(heads(platform, number, list(dict.fromkeys([*shas[-MOST_COMMITS:], sha]))))
    head = next((one for one in known if one.sha == sha), Head(sha, "", frozenset()))
    before = sorted((one for one in known if one.sha != sha), key=lambda one: moment(one.time))
    known = [*before, note(platform, number, event, head)]
    since = visible_since(platform, pull)
    opener = account_of(pull)
    reviews = list(platform.every(f"pulls/{number}/reviews"))
    given = ["--platform", os.environ["PLATFORM"]]
    for review in approvals(reviews):
        given += ["--reviewed-by", review]
    for account, at in words(reviews):
        given += ["--weighed-by", f"{account}@{at}"]
        if account == opener:
            # Nobody can approve their own pull request; a comment with a commit says the same.
            given += ["--reviewed-by", f"{account}@{at}"]
    for one in known:
        time = max(one.time, since or one.time, key=moment)
        given += ["--opened-at", f"{moment(time).isoformat(timespec='seconds')}@{one.sha}"]
    own = [one.sha for one in known if str(opener) in one.accounts]
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
    if (folder / "context").exists():
        platform = Platform()
        number, head, base, context, time = (
            (folder / name).read_text()
            for name in ("number", "head", "base", "context", "read")
        )
        pull = platform.ask(f"pulls/{number}")
        is_now = (pull["head"]["sha"], pull["base"]["ref"]) == (head, base)
        about = f"\n*This is about commit {head}.*\n"
        text = f"{MARK}\n{READ.format(time)}\n{_cut(said, LONGEST_COMMENT)}{about}"
        if is_now and _comment(platform, number, text, time):
            platform.ask(
                f"statuses/{head}",
                "POST",
                state=STATES.get(answer, "failure"),
                context=context,
                description=sentence[:139] or answer,
            )
        else:
            print("another job tells the verdict on a newer state")  # noqa: T201
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
    if (folder / "draft").exists():
        said += "\n*This is a draft: notice begins when it is ready for review.*\n"
    if _answer(folder)[0] == "cannot tell":
        said += _weighing(folder)
    found = (folder / "findings").read_text(encoding="utf-8")
    if not found.strip():
        return said
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", found) or [""]))
    title = "Not as it should be" if _status(folder, "findings") else "Worth a look"
    return f"{said}\n### {title}\n\n{fence}\n{_cut(found, LONGEST_FINDINGS)}{fence}\n"


def _weighing(folder: Path) -> str:
    """What a gatekeeper does where the platform's word is not enough."""
    base, head, number = ((folder / name).read_text() for name in ("base", "head", "number"))
    given = (folder / "given").read_text().split("\n")[:-1]
    fetch = ["git", "fetch", "origin", f"refs/pull/{number}/head"]
    review = ["ocs", "review", f"origin/{base}..{head}", *given, "--as", "ME"]
    lines = ["git fetch origin", shlex.join(fetch), shlex.join(review)]
    code = "\n".join(f"    {line}" for line in lines)
    return (
        "\n### What a gatekeeper does\n\n"
        "The platform's word is not enough here. Ask the people named above, on another channel, "
        "whether they really agreed. Run this in your own clone, with your id in place of ME. "
        "Then write the line that it prints into a review of this pull request.\n\n"
        f"{code}\n"
    )


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


def _comment(platform: Platform, number: str, text: str, time: str) -> bool:
    """Write the comment, in place of the one that was written before, unless that is newer."""
    for each in platform.every(f"issues/{number}/comments"):
        if str(each["body"]).startswith(MARK) and is_ours(each.get("user")):
            before = re.search(READ.format("([-+:.T0-9]+)"), each["body"].partition("\n\n")[0])
            if before and moment(before[1]) > moment(time):
                return False
            if each["body"] != text:
                platform.ask(f"issues/comments/{int(each['id'])}", "PATCH", body=text)
            return True
    platform.ask(f"issues/{number}/comments", "POST", body=text)
    return True


def main() -> None:
    what, folder = sys.argv[1], Path(sys.argv[2])
    try:
        {"read": read, "tell": tell}[what](folder)
    except urllib.error.HTTPError as error:
        where = error.url.partition("?")[0]
        raise SystemExit(f"the platform says {error.code} {error.reason} to {where}") from None
    except (OSError, http.client.HTTPException) as error:
        raise SystemExit(f"the platform does not answer: {error}") from None
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise SystemExit(f"the platform answers otherwise than expected: {error!r}") from None


if __name__ == "__main__":
    main()
