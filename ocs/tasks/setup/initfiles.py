"""What a new registry begins with besides its records: for those who join, and for the
platform it lies on.

The workflows name ocs by where it is kept and the whole id of a commit, so that nobody gets
another program under that name. docs/howto/ci.md shows and explains them.
"""

from __future__ import annotations

from typing import NamedTuple

README = """\
# {name}

This is a registry: readable files about whom we help, who helps, and what was solved. `ocs`
searches and checks them, and whoever only wants to correct something needs nothing but a web
editor.

| folder | what lies there |
|---|---|
| `problems/` | resolved problems, one a file; a title and one symptom are enough to begin |
| `people/` | volunteers and leads; everybody keeps their own file |
| `orgs/` | organisations: who may ask for what, systems, domains, backups |
| `communities/` | who leads a community, and who answers for what |
| `vetting/`, `access/` | kept by gatekeepers: who was checked, who may read which secret |

Change a file, propose the change, and the checks say at the line concerned what is wrong and what
to write instead, and who must agree. Never write a password, a telephone number or the name of
somebody you helped into a problem.

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

- [ ] If it changes who leads a community: where is the decision written?
- [ ] It holds no password, no telephone number, and no problem names whom it was solved for.

A comment will say in plain words what changes and who must agree. They agree by approving this.
"""

GITHUB = """\
# Says on a pull request what it changes, who must agree, and what is wrong with it.
name: ocs
on:
  pull_request_target:
  # Once a day for all that are open: somebody has approved, or notice is over.
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
          numbers=$(gh pr list --limit 100 --json number --jq 'map(.number)')
          echo "numbers=$numbers" >> "$GITHUB_OUTPUT"
  again:
    needs: open
    if: needs.open.outputs.numbers != '[]'
    runs-on: ubuntu-latest
    timeout-minutes: 20
    permissions:
      contents: read
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
# Says on a pull request what it changes, who must agree, and what is wrong with it.
name: ocs
on:
  pull_request_target:
    types: [opened, reopened, synchronized]
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
# In a merge request the branch's own copy of this file runs: it helps whoever proposes, and proves
# nothing.
validate:
  image: docker.io/library/python:3.13
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - pip install --quiet "git+<url>@<commit>"
    - ocs validate
# On a schedule the copy on the default branch runs, and judges each proposed branch without
# checking it out.
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
      asked="$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests?state=opened&per_page=100"
      asked="$asked&target_branch=$CI_COMMIT_BRANCH"
      curl --fail --silent --show-error --header "PRIVATE-TOKEN: $OCS_TOKEN" "$asked" |
        python3 -c 'import json, sys; [print(int(m["iid"])) for m in json.load(sys.stdin)]' >open
      ended=0
      while read -r number; do
        echo "merge request $number"
        git -c fetch.fsckObjects=true fetch --quiet --no-tags --no-recurse-submodules \\
          origin "+refs/merge-requests/$number/head:refs/ocs/$number" || { ended=1; continue; }
        timeout 240 ocs validate --tree "refs/ocs/$number" --since HEAD || ended=1
        timeout 240 ocs review "HEAD..refs/ocs/$number" --platform gitlab || ended=1
      done <open
      exit $ended
"""


class OcsAddress(NamedTuple):
    """Where ocs itself is kept: an address, and the whole id of a commit."""

    url: str
    commit: str


NOWHERE = OcsAddress("https://github.com/OWNER/ocs", "COMMIT")


def workflows(ocs: OcsAddress) -> dict[str, str]:
    """The files with which platforms judge what is proposed, by their paths."""
    told = {
        "<url>": ocs.url,
        "<path>": ocs.url.removeprefix("https://").partition("/")[2],
        "<commit>": ocs.commit,
    }
    files = {
        ".github/workflows/ocs.yml": GITHUB,
        ".forgejo/workflows/ocs.yml": FORGEJO,
        ".gitlab-ci.yml": GITLAB,
    }
    for mark, value in told.items():
        files = {path: text.replace(mark, value) for path, text in files.items()}
    return files
