"""Judges every certificate of the keyrings of Debian and Arch Linux: `python -m
benchmarks.keyrings`.

On a fixed day, for gpg too where faketime is installed, so that the counts stay the same.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

from ocs.tasks.people.keys import file_reports
from ocs.workspace import keyrings

DAY = date(2026, 11, 20)
KEYRINGS = {
    "debian-keyring": Path("/usr/share/keyrings/debian-keyring.gpg"),
    "archlinux-keyring": Path("/usr/share/keyrings/archlinux.gpg"),
}


def main() -> None:
    if "FAKETIME" not in os.environ and (faketime := shutil.which("faketime")):
        os.execv(
            faketime,
            [faketime, f"{DAY} 12:00:00", sys.executable, "-m", "benchmarks.keyrings"],
        )
    counts, totals, seconds = {}, {}, {}
    for name, path in KEYRINGS.items():
        if not path.exists():
            print(f"{name} is not installed")
            continue
        began = time.perf_counter()
        judged = file_reports(path.read_bytes(), name, keyrings(DAY), DAY)
        seconds[name] = time.perf_counter() - began
        reasons = [reason for each in judged for reason in each.reasons]
        counts[name] = Counter(reason.code for reason in reasons)
        counts[name]["(refused)"] = sum(each.is_refused for each in judged)
        counts[name]["(good or warned)"] = sum(not each.is_refused for each in judged)
        counts[name]["(nothing is said of it)"] = sum(not each.reasons for each in judged)
        totals[name] = len(judged)
    print(f"| on {DAY} | {' | '.join(f'{name}, {totals[name]}' for name in counts)} |")
    print("|---" * (len(counts) + 1) + "|")
    for code in sorted({code for count in counts.values() for code in count}):
        print(f"| {code} | {' | '.join(str(count[code]) for count in counts.values())} |")
    print(
        "; ".join(f"{name}: {taken:.1f} s" for name, taken in seconds.items()), file=sys.stderr
    )


if __name__ == "__main__":
    main()
