"""The mutation score: how many small changes in rules and modules some test would notice.

Run: python benchmarks/mutation.py [--sample N] [--seed S] [rules | RULE | MODULE ...]

RULE is a rule of the catalogue, MODULE one of `TESTS` in python_mutants.py; without any, all are changed. A sample
takes so many mutants of the rules together, and of each module. What is left is printed, with the reason where
`equivalent.py` argues that the change makes no difference.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import equivalent  # noqa: E402
import python_mutants  # noqa: E402

T = TypeVar("T")


def main() -> None:
    arguments = argparse.ArgumentParser(description="The mutation score of rules and modules.")
    arguments.add_argument("names", nargs="*", help="`rules`, rules, or modules such as `dates`")
    arguments.add_argument("--sample", type=int, help="so many mutants of the rules, and of each module")
    arguments.add_argument("--seed", type=int, default=1, help="which sample (default: 1)")
    given = arguments.parse_args()
    names = given.names or [*python_mutants.TESTS, "rules"]
    for module in (name for name in names if name in python_mutants.TESTS):
        chosen = _sample(python_mutants.mutants(module), given.sample, given.seed)
        _report(module, len(chosen), python_mutants.judge(chosen, _progress))
    if rules := [name for name in names if name not in python_mutants.TESTS]:
        import sql_mutants

        from evcollab.validation.catalogue import RULES

        asked = list(RULES) if "rules" in rules else rules
        if unknown := [name for name in asked if name not in RULES]:
            known = ", ".join(python_mutants.TESTS)
            raise SystemExit(f"there is no rule or module {', '.join(unknown)}; modules: {known}")
        mutants = _sample(sql_mutants.mutants(asked), given.sample, given.seed)
        killed, left = sql_mutants.judge(mutants, _progress)
        for by, count in killed.most_common():
            print(f"{count:6}  {by}")
        _report("rules", len(mutants) - killed["not SQL"], left)


def _sample(mutants: Sequence[T], size: int | None, seed: int) -> Sequence[T]:
    if size is None or size >= len(mutants):
        return mutants
    return [mutants[number] for number in sorted(random.Random(seed).sample(range(len(mutants)), size))]


def _report(name: str, total: int, left: Sequence[object]) -> None:
    _progress("")
    argued = 0
    for mutant in left:
        why = equivalent.why(str(mutant))
        argued += bool(why)
        print(f"left  {mutant}" + (f"\n      = {why}" if why else ""))
    killed = total - len(left)
    counted = total - argued
    print(
        f"{name}: {total} mutants, {killed} killed ({100 * killed / max(total, 1):.1f} %); "
        f"{argued} make no difference, of the others {100 * killed / max(counted, 1):.1f} % are killed",
        flush=True,
    )


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text[:100]}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
