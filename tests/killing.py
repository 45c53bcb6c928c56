"""A process that runs commands of evcollab in children of its own and kills them: `python -m tests.killing`.

It reads a line of JSON for each command: `arguments`, and when to kill it: before the `step`-th change to a file or
folder (from 0), or after so many `seconds`; null: never. It answers with the `status` of the command (negative:
killed), the `steps` it got to, the `seconds` it took, and what it `said`.
"""

from __future__ import annotations

import json
import mmap
import os
import signal
import sys
import tempfile
import time
from importlib import import_module
from typing import Any

from evcollab import cli

CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def _warm() -> None:
    """Import once what the commands import, so that their children spend their time on the register."""
    for name in (
        "altair",
        "duckdb",
        "griffe",
        "jinja2",
        "jsonschema",
        "markdown_it",
        "openpyxl",
        "pandas",
        "pyarrow.parquet",
        "yaml",
    ):
        import_module(name)
    for name in ("contributions.add", "contributions.formatting", "contributions.releasing", "exports.sqlite", "site"):
        import_module(f"evcollab.{name}")


def _run(arguments: list[str], step: int | None, steps: mmap.mmap, said: int) -> None:
    """In the child: run a command, count its changes to files, and die before the chosen one."""

    def watch(event: str, values: tuple[Any, ...]) -> None:
        if event in CHANGES or (event == "open" and values[2] & WRITING):
            number = int.from_bytes(steps[:8], "little")
            if number == step:
                os.kill(os.getpid(), signal.SIGKILL)
            steps[:8] = (number + 1).to_bytes(8, "little")

    for stream in (1, 2):
        os.dup2(said, stream)
    sys.addaudithook(watch)
    os._exit(cli.main(arguments))


def _answer(arguments: list[str], step: int | None, seconds: float | None) -> dict[str, Any]:
    steps = mmap.mmap(-1, 8)
    with tempfile.TemporaryFile() as said:
        start = time.monotonic()
        child = os.fork()
        if child == 0:
            try:
                _run(arguments, step, steps, said.fileno())
            except BaseException as error:
                os.write(said.fileno(), repr(error).encode())
            finally:
                os._exit(70)
        if seconds is not None:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)  # of a child that has ended, nothing is left to kill
        _, status = os.waitpid(child, 0)
        took = time.monotonic() - start
        said.seek(0)
        return {
            "status": os.waitstatus_to_exitcode(status),
            "steps": int.from_bytes(steps[:8], "little"),
            "seconds": took,
            "said": said.read().decode("utf-8", "replace"),
        }


if __name__ == "__main__":
    _warm()
    for line in sys.stdin:
        print(json.dumps(_answer(**json.loads(line))), flush=True)
