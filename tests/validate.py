"""`make validate`: DNGs of every kind, read by every foreign program that is found, and whether all took them.

The small programs get a cut-out of each kind, and edge sizes and contents; the two large ones a choice in which each
sensor meets each depth, each filter pattern and each compression; all get each sensor at full size.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests import specimens
from tests.judges import LARGE, SMALL, Complaints, Judge, Specimen


def main() -> int:
    """Write, ask, print a table; the exit status."""
    with tempfile.TemporaryDirectory(prefix="mcam-validate-") as name:
        folder = Path(name)
        every = specimens.small(folder, specimens.kinds()) + specimens.edges(folder)
        chosen = specimens.small(folder, specimens.chosen_kinds())
        whole = list(specimens.whole(folder))
        found = {judge: _asked(judge, every + whole) for judge in SMALL}
        found |= {judge: _asked(judge, chosen + whole) for judge in LARGE}
    return _summed_up(found, {*SMALL, *LARGE} - _present())


def _present() -> set[Judge]:
    return {judge for judge in (*SMALL, *LARGE) if judge.version()}


def _asked(judge: Judge, given: Sequence[Specimen]) -> Complaints:
    if not judge.version():
        return {}
    complaints = judge.complaints(given)
    found = f"{len(given):4} files  {len(complaints) or 'no':>3} complaints"
    print(f"{judge.name:24} {judge.version():15}{found}", flush=True)
    return complaints


def _summed_up(found: dict[Judge, Complaints], absent: set[Judge]) -> int:
    for judge, complaints in found.items():
        for path, complaint in complaints.items():
            print(f"  {judge.name}, {path.name}: {complaint}")
    if absent:
        print("absent, not asked:", ", ".join(sorted(judge.name for judge in absent)))
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main())
