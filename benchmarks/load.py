"""Measure the loader in one run: python benchmarks/load.py

Compares `import evcollab` with `import pandas`, and loading every table with plain `pandas.read_csv` of the same
files and with frictionless' `Resource.to_pandas`, at the shipped size and on its rows over and over: about 450,000.
Each loading is the best of several runs; each import is timed in fresh processes.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

import evcollab

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import registers  # noqa: E402


def import_seconds(module: str) -> float:
    """Median time of importing a module in a fresh process, without the start of Python itself."""
    code = f"import time; start = time.perf_counter(); import {module}; print(time.perf_counter() - start)"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(7)]
    return statistics.median(float(run.stdout) for run in runs)


def best(action: Callable[[], object], runs: int) -> float:
    """The shortest of several runs in seconds."""
    seconds = []
    for _ in range(runs):
        gc.collect()
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def with_evcollab(root: Path) -> None:
    ds = evcollab.load(root)
    for table in ds.tables:
        ds[table]


def with_read_csv(root: Path) -> None:
    package = evcollab.load(root).package
    for file in package.files.values():
        pd.read_csv(root / file)


def with_frictionless(root: Path) -> None:
    import frictionless

    for resource in frictionless.Package(str(root / "datapackage.json")).resources:
        resource.to_pandas()


def rows_of(root: Path) -> int:
    return sum(item["rows"] for item in evcollab.load(root).package.descriptor["resources"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=450_000)
    parser.add_argument("--skip-frictionless", action="store_true", help="its run on the large package takes minutes")
    arguments = parser.parse_args()

    ours, theirs = import_seconds("evcollab"), import_seconds("pandas")
    print(f"import evcollab  {ours * 1000:8.1f} ms")
    print(f"import pandas    {theirs * 1000:8.1f} ms   evcollab takes {ours / theirs:.1%} of it\n")
    print(f"{'package':<22}{'evcollab':>12}{'read_csv':>12}{'to_pandas':>12}{'vs read_csv':>14}{'vs to_pandas':>14}")
    with tempfile.TemporaryDirectory() as folder:
        large = registers.repeat(Path(folder) / "large", round(arguments.rows / rows_of(ROOT)))
        for root, runs in ((ROOT, 7), (large, 3)):
            rows = rows_of(root)
            mine = best(lambda root=root: with_evcollab(root), runs)
            plain = best(lambda root=root: with_read_csv(root), runs)
            slow = None if arguments.skip_frictionless else best(lambda root=root: with_frictionless(root), 1)
            compared = (
                f"{slow:>10.2f} s{mine / plain:>12.2f} x{slow / mine:>11.0f} x"
                if slow
                else f"{'':>12}{mine / plain:>12.2f} x"
            )
            print(f"{rows:>9,} rows        {mine:>10.3f} s{plain:>10.3f} s{compared}", flush=True)


if __name__ == "__main__":
    main()
