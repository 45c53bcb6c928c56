"""CPU time of `evcollab add` of one document, whole processes: this checkout beside another commit, in one run.

Both have a register of the same size, with their own schemas.

Run: python benchmarks/add.py [--before COMMIT] [--rows ROWS]
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import registers  # noqa: E402

RUNS = 5
ROWS = (17_739, 37_000)
"""As many as the register had at the commit that is compared with, and as many as it has grown to."""
DOCUMENT = ROOT / "docs/examples/event.yaml"


def main() -> None:
    arguments = argparse.ArgumentParser(description="CPU time of `evcollab add --dry-run` of one document.")
    arguments.add_argument("--before", default="707647c", help="a commit to compare with")
    arguments.add_argument("--rows", type=int, nargs="+", default=ROWS, help="rows of the register")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        other = Path(folder) / "other"
        _git("worktree", "add", "--quiet", "--detach", str(other), given.before)
        try:
            for rows in given.rows:
                _compare(Path(folder), other, given.before, rows)
        finally:
            _git("worktree", "remove", "--force", str(other))


def _compare(folder: Path, other: Path, name: str, rows: int) -> None:
    sides = [(code, registers.write(folder / f"register-{code.name}-{rows}", rows, code)) for code in (other, ROOT)]
    times = [[_time(*side) for side in sides] for _ in range(RUNS)]
    before, now = (min(pair[side] for pair in times) for side in (0, 1))
    print(f"{rows:,} rows: {name} {before:.2f} s of CPU, now {now:.2f} s (best of {RUNS}, whole processes): ", end="")
    print(f"ratio {now / before:.2f} (at most 0.33 is wanted)")


def _time(code: Path, register: Path) -> float:
    """User and system time of one process, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "evcollab", "add", str(DOCUMENT), "--dry-run", "--package", str(register)]
    environment = os.environ | {"PYTHONPATH": str(code), "PYTHONDONTWRITEBYTECODE": ""}
    subprocess.run(command, cwd=register, env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _git(*arguments: str) -> None:
    subprocess.run(["git", "-C", str(ROOT), *arguments], check=True)


if __name__ == "__main__":
    main()
