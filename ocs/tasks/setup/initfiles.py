"""The files of a new registry besides its records: for newcomers, and for its platform.

The workflows name ocs by its address and the whole id of a commit, so that nobody can put
another program in its place. docs/howto/ci.md shows and explains them.
"""

from __future__ import annotations

from typing import NamedTuple

README = """\
# {name}

This is a registry. Its files list the organisations that we help, the people who help, and the
problems that we solved. You can correct a file in any web editor. The program `ocs` searches and
checks the files.

- `problems/` holds solved problems, one in each file. A title and one symptom are enough to begin.

- `people/` holds volunteers and leads. You keep your own file.

- `orgs/` holds organisations: who may ask for what, their systems, domains and backups.

- `communities/` says who leads a community, and who answers for which resource.

- `vetting/` and `access/` belong to gatekeepers: who was checked, and who may read which secret.

To change something, edit a file and propose the change. The checks then show each mistake at its
line, and how to fix it. They also say who must agree.

Never write a password or a telephone number into a file. In a problem, never name the person
whom you helped.

```console
$ ocs search words that you remember
$ ocs validate
$ ocs due
```
"""

GITATTRIBUTES = """\
* text=auto eol=lf
*.gpg binary
"""

PULL_REQUEST = """\
What does this change, and why?

- [ ] If this changes who leads a community: where is the decision recorded?

- [ ] It holds no password and no telephone number. No problem record says who had the problem.

A comment will say in plain words what changes, and who must agree. To agree, approve this change.
"""

GITHUB = """\
# Comments on a pull request: what it changes, who must agree, and what is wrong with it.
name: ocs
on:
  pull_request_target:
    types: [opened, reopened, synchronize, edited, ready_for_review, converted_to_draft]

  # Once a day for all open ones. An approval, or the end of notice, starts no run.
  schedule:
    - cron: "17 5 * * *"
permissions: {}
jobs:
  review:
    if: github.event_name == 'pull_request_target'
    runs-on: ubuntu-latest
    timeout-minutes: 20
    permissions:
      contents: read
      issues: read
      pull-requests: write
      statuses: write
    steps:
      - uses: <path>@<commit>
  open:
    if: github.event_name == 'schedule'
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      pull-requests: read
    outputs:
      numbers: ${{ steps.open.outputs.numbers }}
    steps:
      - id: open
        env:
          GH_REPO: ${{ github.repository }}
          GH_TOKEN: ${{ github.token }}
        run: |
          # A matrix takes at most 256. If more are open, the daily runs take turns.
          gh api --paginate "repos/$GH_REPO/pulls?state=open&per_page=100" --jq '.[].number' >open

          day=$(($(date +%s) / 86400))

          numbers=$(python3 -c '
          import sys

          all = sorted(map(int, open("open")))

          parts = -(-len(all) // 250) or 1

          print([n for i, n in enumerate(all) if (i - int(sys.argv[1])) % parts == 0])' $day)

          echo "numbers=$numbers" >> "$GITHUB_OUTPUT"
  again:
    needs: open
    if: needs.open.outputs.numbers != '[]'
    runs-on: ubuntu-latest
    timeout-minutes: 20
    permissions:
      contents: read
      issues: read
      pull-requests: write
      statuses: write
    strategy:
      fail-fast: false
      matrix:
        number: ${{ fromJSON(needs.open.outputs.numbers) }}
    steps:
      - uses: <path>@<commit>
        with:
          pull-request: ${{ matrix.number }}
"""

FORGEJO = """\
# Comments on a pull request: what it changes, who must agree, and what is wrong with it.
name: ocs
on:
  pull_request_target:
    types: [opened, reopened, synchronized, edited]
jobs:
  review:
    runs-on: docker
    container:
      image: docker.io/library/python:3.13
    steps:
      - uses: <url>@<commit>
        with:
          platform: codeberg
"""

GITLAB = """\
# In a merge request the branch's own copy of this file runs. It helps the author, and proves
# nothing.
validate:
  image: docker.io/library/python:3.13
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - pip install --quiet "git+<url>@<commit>"
    - ocs validate

# On a schedule the copy on the default branch runs. It checks each proposed branch without a
# checkout.
review:
  image: docker.io/library/python:3.13
  variables:
    GIT_DEPTH: 0
    GIT_SUBMODULE_STRATEGY: none
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - pip install --quiet "git+<url>@<commit>"
    - |
      url="$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests?state=opened&per_page=100"
      url="$url&target_branch=$CI_COMMIT_BRANCH"

      page=1
      : >open
      while :; do
        curl --fail --silent --show-error --header "PRIVATE-TOKEN: $OCS_TOKEN" "$url&page=$page" |

          python3 -c 'import json, sys; [print(int(m["iid"])) for m in json.load(sys.stdin)]' >some

        [ -s some ] || break
        cat some >>open
        page=$((page + 1))
      done

      status=0
      while read -r number; do
        echo "merge request $number"

        git -c fetch.fsckObjects=true fetch --quiet --no-tags --no-recurse-submodules \\
          origin "+refs/merge-requests/$number/head:refs/ocs/$number" || { status=1; continue; }

        timeout 240 ocs validate --tree "refs/ocs/$number" --since HEAD || status=1
        timeout 240 ocs review "HEAD..refs/ocs/$number" --platform gitlab || status=1

      done <open
      exit $status
"""


class OcsAddress(NamedTuple):
    """Where ocs itself is kept: an address, and the whole id of a commit."""

    url: str
    commit: str


NOWHERE = OcsAddress("https://github.com/OWNER/ocs", "COMMIT")


def workflows(ocs: OcsAddress) -> dict[str, str]:
    """The files by which platforms check proposed changes, by their paths."""
    values = {
        "<url>": ocs.url,
        "<path>": ocs.url.removeprefix("https://").partition("/")[2],
        "<commit>": ocs.commit,
    }
    files = {
        ".github/workflows/ocs.yml": GITHUB,
        ".forgejo/workflows/ocs.yml": FORGEJO,
        ".gitlab-ci.yml": GITLAB,
    }
    for mark, value in values.items():
        files = {path: text.replace(mark, value) for path, text in files.items()}
    return files
