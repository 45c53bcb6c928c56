"""How heavy the site is and how long it takes to build:  python benchmarks/site.py [--times 10] [--built FOLDER]

Prints the weights after gzip beside the budgets, and the CPU time of building per thousand pages. With `--built` a
folder that is there is weighed; with `--times` the register is repeated that often under other identifiers. The exit
status is 1 when a budget is exceeded. The whole site may grow with the register, so its budget is one for each page.
"""

from __future__ import annotations

import argparse
import gzip
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import registers  # noqa: E402
from evcollab.site.addresses import PAGES  # noqa: E402

KILO = 1024
ADDRESS, REPOSITORY = "https://example.github.io/evcollab/", "https://github.com/example/evcollab"


def weigh(file: Path) -> int:
    """The bytes of a file as a server sends it: text compressed."""
    data = file.read_bytes()
    return len(data) if file.suffix == ".woff2" else len(gzip.compress(data, 9))


def weights(site: Path) -> list[tuple[str, float, float]]:
    """What is weighed, how much it is, and the budget, in kilobytes."""
    records = sorted(weigh(file) for table in PAGES for file in site.glob(f"{table}/*/index.html"))
    vendor = site / "static/vendor"
    shared = sum(map(weigh, [site / "static/site.css", site / "static/site.js", *vendor.glob("*.woff2")]))
    search = sum(map(weigh, [vendor / "minisearch.js", site / "search/names.json"]))
    lists = [weigh(file) for table in PAGES for file in site.glob(f"{table}/index.html")]
    lists += [weigh(file) for file in site.glob("lists/*/*/index.html")]
    at_95 = records[int(0.95 * (len(records) - 1))]
    pages = sum(1 for _ in site.rglob("*.html"))
    whole = sum(file.stat().st_size for file in site.rglob("*") if file.is_file()) / KILO
    return [
        ("page of a record, 95 of 100", at_95 / KILO, 15),
        ("first view of a record (95 of 100) with all files", (at_95 + shared) / KILO, 110),
        ("first view of the heaviest list", (max(lists) + shared) / KILO, 150),
        ("first view of home", (weigh(site / "index.html") + shared) / KILO, 200),
        ("first view of search, with names", (weigh(site / "search/index.html") + shared + search) / KILO, 200),
        ("own script", weigh(site / "static/site.js") / KILO, 4),
        ("index of names", weigh(site / "search/names.json") / KILO, 150),
        (f"the whole site ({whole:,.0f} KB), for each page", whole / pages, 11.1),
    ]


def build(package: Path, site: Path) -> tuple[float, float]:
    """Seconds of CPU and of the clock that one build takes, in a process of its own."""
    import resource

    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "evcollab", "site", str(site), "--package", str(package)]
    subprocess.run([*command, "--address", ADDRESS, "--repository", REPOSITORY], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=1, help="repeat the register so often")
    parser.add_argument("--built", type=Path, help="a site that is there; nothing is built")
    arguments = parser.parse_args()
    wrong = False
    with tempfile.TemporaryDirectory() as folder:
        site = arguments.built or Path(folder) / "site"
        if arguments.built is None:
            package = ROOT if arguments.times == 1 else registers.repeat(Path(folder) / "package", arguments.times)
            cpu, clock = build(package, site)
            pages = sum(1 for _ in site.rglob("*.html"))
            per_thousand = 1000 * cpu / pages
            print(
                f"{pages:,} pages in {cpu:.1f} s of CPU ({clock:.1f} s): {per_thousand:.2f} s per thousand, at most 5"
            )
            wrong |= per_thousand > 5
        for what, weight, most in weights(site):
            print(f"{what:52} {weight:10,.1f} KB, at most {most:,}{'  TOO MUCH' if weight > most else ''}")
            wrong |= weight > most
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
