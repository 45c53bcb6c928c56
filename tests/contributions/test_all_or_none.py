"""Whatever kills the process while a document is added, the register is as before or fully changed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evcollab import atomic
from evcollab.errors import PackageError
from tests.contributions.registers import add, content, event, source

TEXT = source() + event() + "    participants: [{country_code: KEN, role: host}]\n"

CHILD = """
import sys
from evcollab.contributions import add as adding
print("ready", flush=True)
sys.stdin.read(1)
adding.add([sys.argv[1]], sys.argv[2])
"""


class _watched:  # noqa: N801
    """Call a function before every change to a file."""

    def __init__(self, before: Callable[[], None]) -> None:
        self.before = before
        self.patch = pytest.MonkeyPatch()

    def __enter__(self) -> None:
        for owner, name in ((os, "replace"), (os, "fsync"), (Path, "unlink")):
            self.patch.setattr(owner, name, self._calling(getattr(owner, name)))

    def _calling(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.before()
            return function(*args, **kwargs)

        return call

    def __exit__(self, *_: object) -> None:
        self.patch.undo()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_step_the_register_is_as_before_or_after(register: Path, tmp_path: Path) -> None:
    before = content(register)
    finished = Path(shutil.copytree(register, tmp_path / "finished"))
    add(finished, TEXT)
    after = content(finished)
    assert before != after
    outcomes = set()
    for number in range(1000):
        victim = Path(shutil.copytree(register, tmp_path / f"victim-{number}"))
        child = os.fork()
        if child == 0:
            left = number

            def strike() -> None:
                nonlocal left
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1

            with _watched(strike):
                add(victim, TEXT)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            break  # it ended before that step: all have been tried
        with atomic.changing(victim):  # the next writer finds the register whole
            pass
        assert [file.name for file in victim.rglob(".*") if file.is_file()] == []
        state = content(victim)
        assert state in (before, after), f"mixed after a kill at step {number}"
        outcomes.add(state == after)
        add(victim, TEXT)  # and it can be added again
        assert content(victim) == after
    assert number > 20
    assert outcomes == {True, False}


@pytest.mark.parametrize("seed", range(4))
def test_a_process_killed_at_a_random_moment_leaves_no_mixture(register: Path, tmp_path: Path, seed: int) -> None:
    file = tmp_path / "event.yaml"
    file.write_text(TEXT, encoding="utf-8")
    before = content(register)
    finished = Path(shutil.copytree(register, tmp_path / "finished"))
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(file), str(register)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    child.stdin.write(b"!")
    child.stdin.close()
    time.sleep(random.Random(seed).uniform(0.0, 0.25))
    child.kill()
    child.wait()
    child.stdout.close()
    with atomic.changing(register):
        pass
    from evcollab.contributions import add as adding

    adding.add([file], finished)
    assert content(register) in (before, content(finished))


def test_a_failing_disk_leaves_the_register_as_it_was(register: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(register)
    replace, calls = os.replace, 0

    def failing(source: Any, target: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(PackageError, match="No space left on device"):
        atomic.replace_files(register, {"data/events.csv": b"x", "data/claims.csv": b"y", "datapackage.json": b"z"})
    assert content(register) == before
    assert [file.name for file in register.rglob(".*") if file.is_file()] == []
