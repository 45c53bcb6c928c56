"""Starting a register of one's own: an empty one on the standard schemas, valid at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import evcollab
from evcollab import atomic, csvfile, names, package, positions, tableschema
from evcollab.canonical import descriptor_bytes, files_for
from evcollab.contributions.formatting import derived
from evcollab.contributions.schema import NEEDED
from evcollab.contributions.templates import KINDS
from evcollab.errors import EvcollabError, UnknownNameError, reason
from evcollab.package import DESCRIPTOR, WAIVERS, Package
from evcollab.register import read_table
from evcollab.text import markdown_table, tidy

ATTRIBUTES = ".gitattributes"
LISTS = ("countries",)
"""Tables that are full from the start: lists of others, not facts that somebody has to find."""
HOOK = ".pre-commit-hooks.yaml"
ON_GITHUB = {
    "action.yml": ".github/actions/validate/action.yml",
    **{(file := f".github/workflows/{name}.yml"): file for name in ("contribution", "pull-request", "validate")},
}
"""File of our own repository → file of a register of others, which are the same but for `_elsewhere`."""


def init(
    folder: str | os.PathLike[str],
    *,
    name: str,
    title: str,
    contributors: Sequence[str],
    tables: Sequence[str] = (),
    github: bool = False,
    today: dt.date | None = None,
) -> dict[str, str]:
    """Start a register: descriptor, schemas, empty tables, waivers and a README, all files or none.

    Args:
        folder: where; a new folder, an empty one, or a repository of git without files.
        name: what programs call it, such as `ferry-register`.
        title: what people call it.
        contributors: who makes it: one or more names of persons or bodies.
        tables: the standard tables that it shall have; none: all. Tables that these refer to are added, and so are
            sources and claims, without which no row has a source.
        github: add workflows that check changes and take contributions, issue forms, and the hook for pre-commit.
        today: the day that the register was created; None: the current day (UTC).

    Returns:
        The tables of the register, as from `closed`.

    Raises:
        UnknownNameError: there is no such table in the data format.
        EvcollabError: the folder is not empty or cannot be written, `github` is asked for inside another repository,
            or the name, the title or a contributor is not one that a register can have.
        MissingExtraError: the extra `contribute` is not installed, which `github` needs.
    """
    root = _free(folder, github)
    chosen = closed(tables or list(package.standard().schemas))
    day = today or dt.datetime.now(dt.UTC).date()
    files = _files(_described(root / DESCRIPTOR, name, title, contributors, list(chosen), day), github)
    try:
        for file in files:
            (root / file).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EvcollabError(f"{root} cannot be made: {error.strerror}") from None
    atomic.replace_files(root, files)
    return chosen


def closed(tables: Iterable[str]) -> dict[str, str]:
    """These tables and all that a register of them needs, each with the reason for it; "" if it was asked for.

    Raises:
        UnknownNameError: there is no such table in the data format.
    """
    schemas = package.standard().schemas
    found: dict[str, str] = {}
    for table in tables:
        if table not in schemas:
            raise UnknownNameError("table", table, schemas)
        found[table] = ""
    found |= {table: "every row has a source" for table in NEEDED if table not in found}
    waiting = list(found)
    for table in waiting:
        for target, _ in schemas[table].foreign_keys.values():
            if target not in found:
                found[target] = f"{table} refers to it"
                waiting.append(target)
    return {table: found[table] for table in schemas if table in found}


def _free(folder: str | os.PathLike[str], github: bool) -> Path:
    """The folder; refused if a register would overwrite something there, or if GitHub would not look into it."""
    try:
        root = Path(folder).expanduser()
        if root.is_dir():
            atomic.recover(root)  # of a start that was cut short
        elif root.exists():
            raise EvcollabError(f"{root} is a file: name a new folder")
        items = (item for item in root.rglob("*") if item.is_symlink() or not item.is_dir())
        held = next((item.relative_to(root) for item in items if item.relative_to(root).parts[0] != ".git"), None)
        tops = [place for place in (root, *root.resolve().parents) if (place / ".git").exists()]
    except (OSError, ValueError, RuntimeError) as error:
        why = reason(error).rstrip(".")
        raise EvcollabError(f"{str(folder)!r} cannot be a folder: {why}; name a new folder") from None
    if held:
        raise EvcollabError(f"the folder {root} is not empty, it has {held}: name a new folder. Nothing was written")
    if github and tops and tops[0] != root:
        raise EvcollabError(
            f"{root} is inside the repository {tops[0]}, and GitHub reads workflows and forms only at the top of a "
            f"repository: run  git init {root}  first, or leave out --github"
        )
    return root


def _described(
    path: Path, name: str, title: str, contributors: Sequence[str], tables: list[str], today: dt.date
) -> Package:
    """The package as it will be, without its files; refuse a descriptor that would not be valid."""
    from evcollab.validation.descriptor import contradictions

    standard = package.standard()
    descriptor: dict[str, Any] = {
        "$schema": standard.descriptor["$schema"],
        "name": name.strip(),
        "title": tidy(title),
        "version": "0.1.0",
        "created": f"{today.isoformat()}T00:00:00Z",
        "licenses": standard.descriptor["licenses"],
        "contributors": [{"title": tidy(person), "roles": ["creator", "maintainer"]} for person in contributors],
        "resources": [standard.resource(table) for table in tables],
    }
    try:
        data = descriptor_bytes(descriptor)
    except UnicodeEncodeError:
        raise EvcollabError("--name, --title or --contributor has letters that are not text: type it anew") from None
    document, _ = positions.read(data, DESCRIPTOR, "")
    assert document is not None
    source = dataclasses.replace(
        standard,
        path=path,
        descriptor=descriptor,
        document=document,
        files={table: standard.files[table] for table in tables},
        schemas={table: standard.schemas[table] for table in tables},
    )
    checked = (issue for _, issue in tableschema.check_profile(document, "package", descriptor))
    for issue in (*checked, *contradictions(source, today)):
        option = issue.column.split("/")[1].rstrip("s")
        value = "" if repr(issue.value) in issue.message else f"{issue.value!r} "
        slug = names.slug(name) if option == "name" else ""
        raise EvcollabError(f"--{option}: {value}{issue.message}" + (f"; did you mean {slug!r}?" if slug else ""))
    return source


def _files(source: Package, github: bool) -> dict[str, bytes]:
    """The descriptor, the schemas and the tables, and what stands beside them for people, editors, git and GitHub."""
    from evcollab.validation import waivers

    standard = package.standard()
    rows = {
        table: read_table(standard.read_bytes(table), schema.file, schema).rows if table in LISTS else []
        for table, schema in source.schemas.items()
    }
    nothing = {source.path.name: descriptor_bytes(source.descriptor), **dict.fromkeys(source.files.values(), b"")}
    schemas = {schema.file: (standard.root / schema.file).read_bytes() for schema in source.schemas.values()}
    texts = {
        WAIVERS: csvfile.write(list(waivers.SCHEMA.fields), []),
        "README.md": _readme(source),
        ATTRIBUTES: _ours(ATTRIBUTES),
        **(_on_github() if github else {}),
    }
    encoded = {file: text.encode("utf-8") for file, text in texts.items()}
    return {**files_for(source, rows, nothing), **schemas, **encoded, **derived(source, forms=github)}


def _readme(source: Package) -> str:
    rows = [[table, schema.spec["description"]] for table, schema in source.schemas.items()]
    kind = next((kind for kind, table in KINDS.items() if table in source.schemas), "")
    taking = {
        f"new {kind} my-{kind}.yaml": "a template with the allowed codes: fill it",
        f"add my-{kind}.yaml": "all of it, or nothing",
    }
    commands = {
        **(taking if kind else {}),
        "validate --strict .": "every problem, with file, line and remedy",
        "format": "order, counts and hashes, after a change by hand",
        "site public": "the register as web pages",
        "export xlsx register.xlsx": "or another format",
    }
    listed = "\n".join(f"evcollab {command:<30} # {what}" for command, what in commands.items())
    return f"""\
# {source.descriptor["title"]}

A register on the data format of evcollab: a data package with a source for every row.

{markdown_table(["table", "what is in it"], rows)}

Install evcollab (Python 3.11 or newer): `python -m pip install "evcollab[all]"`. Then, in this folder:

```sh
{listed}
```

The licence, the contributors and, once you have written it, a description stand in `datapackage.json`.
"""


def _on_github() -> dict[str, str]:
    """Workflows, the action and the hook, as our own repository has them."""
    hook = "".join(f"      {line}\n" for line in _elsewhere(_ours(HOOK)).splitlines())
    texts = {target: _elsewhere(_ours(file)) for file, target in ON_GITHUB.items()}
    return {**texts, ".pre-commit-config.yaml": f"repos:\n  - repo: local\n    hooks:\n{hook}"}


def _elsewhere(text: str) -> str:
    """A file of our repository for the repository of others: evcollab is installed from the package index."""
    pinned = rf'"evcollab\3=={evcollab.__version__}"'
    text = re.sub(r'(--editable )?"(\.|\$GITHUB_ACTION_PATH)(\[\w+\])"', pinned, text)
    return text.replace("uses: ./\n", "uses: ./.github/actions/validate\n")


def _ours(file: str) -> str:
    return (package.standard().root / file).read_bytes().decode("utf-8")
