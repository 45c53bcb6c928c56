"""CPU time of `evcollab add` of one document, whole processes: this checkout beside another commit, in one run.

Run: python benchmarks/add.py [COMMIT]
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEFORE = "707647c"
RUNS = 5
COMMAND = ("add", "docs/examples/event.yaml", "--dry-run")


def main() -> None:
    commit = sys.argv[1] if len(sys.argv) > 1 else BEFORE
    with tempfile.TemporaryDirectory() as folder:
        other = Path(folder) / "other"
        _git("worktree", "add", "--quiet", "--detach", str(other), commit)
        try:
            times = [(_time(other), _time(ROOT)) for _ in range(RUNS)]
        finally:
            _git("worktree", "remove", "--force", str(other))
    before, now = (min(pair[side] for pair in times) for side in (0, 1))
    print(f"{commit}  {before:.2f} s of CPU (best of {RUNS}, whole process, shipped package)")
    print(f"now      {now:.2f} s")
    print(f"ratio    {now / before:.2f} (at most 0.33 is wanted)")


def _time(root: Path) -> float:
    """User and system time of one process, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "evcollab", *COMMAND], cwd=root, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _git(*arguments: str) -> None:
    subprocess.run(["git", "-C", str(ROOT), *arguments], check=True)


if __name__ == "__main__":
    main()
