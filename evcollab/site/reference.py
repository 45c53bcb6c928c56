"""The reference: tables and codes from schemas, rules from the catalogue, Python and commands from the code."""

from __future__ import annotations

import argparse
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from evcollab import types
from evcollab.errors import needed
from evcollab.package import Schema
from evcollab.site import guides
from evcollab.site.frame import Page, Site

PYTHON = (
    ("Loading", "evcollab", ("load",)),
    ("The data set", "evcollab", ("Dataset",)),
    ("Validating", "evcollab", ("validate", "Report")),
    ("Exporting", "evcollab.exports", ("export",)),
    ("Pictures", "evcollab.pictures", ("timeline", "target_chart", "network", "world_map", "save")),
    ("This site", "evcollab.site", ("build",)),
    ("Errors", "evcollab", ("EvcollabError", "PackageError", "DataError", "UnknownNameError", "MissingExtraError")),
)
"""What the Python reference documents: heading, module, names."""
_DEFAULT = re.compile(r"<.*? at 0x[0-9a-f]+>")


def pages(site: Site, commands: argparse.ArgumentParser | None) -> Iterator[Page]:
    """The pages of the documentation, with a first one that lists them."""
    listed = list(guides.pages(site))
    reference = [_tables(site), *_rules(), _python(), *_commands(commands)]
    yield Page(
        "docs/",
        "docs.html",
        "Documentation",
        "Guides, what each table, column and code means, the rules, and the reference of library and command line.",
        {"guides": [(page.path, page.title, page.description) for page in listed],
         "reference": [(page.path, page.title, page.description) for page in reference]},
        table="docs",
    )  # fmt: skip
    yield from listed
    yield from reference


def _tables(site: Site) -> Page:
    tables = [
        {
            "name": table,
            "title": str(schema.spec.get("title") or table),
            "about": str(schema.spec.get("description", "")),
            "key": schema.primary_key,
            "fields": [_field(schema, name) for name in schema.fields],
        }
        for table, schema in site.ds.package.schemas.items()
    ]
    return Page(
        "docs/tables/",
        "tables.html",
        "Tables and codes",
        "What each table, column and code of the register means.",
        {"tables": tables},
        table="docs",
    )


def _field(schema: Schema, name: str) -> dict[str, Any]:
    field = schema.fields[name]
    kind = types.kind_of(field)
    bounds = {key: value for key, value in field.constraints.items() if key not in ("required", "enum")}
    return {
        "name": name,
        "title": str(field.spec.get("title") or name),
        "about": field.description,
        "kind": kind.replace("_", " "),
        "dtype": types.NATIVE[kind].pandas,
        "required": field.required,
        "refers": schema.foreign_keys.get(name, ("", ""))[0],
        "example": str(field.spec.get("example", "")),
        "bounds": [(key, str(value)) for key, value in bounds.items()],
        "codes": [(code, item["label"], item["description"]) for code, item in field.categories.items()],
    }


def _rules() -> Iterator[Page]:
    """The rules of validation; none where its extra is not installed."""
    try:
        catalogue = import_module("evcollab.validation.rules").RULES
    except ImportError:
        return
    order = {"error": 0, "warning": 1, "review": 2, "info": 3}
    groups: dict[str, list[dict[str, str]]] = {}
    for rule in sorted(catalogue.values(), key=lambda rule: (order.get(rule.severity, 9), rule.id)):
        told = {name: str(getattr(rule, name)) for name in ("id", "summary", "why", "fix")}
        groups.setdefault(str(rule.severity), []).append(told)
    yield Page(
        "docs/rules/",
        "rules.html",
        "Rules",
        f"The {len(catalogue)} rules by which a register is judged: what must be so, why, and how to fix it.",
        {"groups": groups},
        table="docs",
    )


def _python() -> Page:
    sections = []
    for title, module, names in PYTHON:
        home = import_module(module)
        entries = [entry for name in names for entry in _documented(name, getattr(home, name), module)]
        sections.append({"title": title, "entries": entries})
    return Page(
        "docs/python/",
        "python.html",
        "Python reference",
        "The public functions, the data set and its methods, and the errors that they raise.",
        {"sections": sections},
        table="docs",
    )


def _documented(name: str, thing: Any, module: str) -> Iterator[dict[str, Any]]:
    """A function or class, and the public methods of the class."""
    full = f"{module}.{name}"
    signature = "" if isinstance(thing, type) else _signature(thing)
    yield {"name": name, "full": full, "signature": signature, **_parsed(thing)}
    if not isinstance(thing, type) or issubclass(thing, Exception):
        return
    for member, value in vars(thing).items():
        if member.startswith("_") or not (callable(value) or isinstance(value, property)):
            continue
        function = value.fget if isinstance(value, property) else value
        signature = "" if isinstance(value, property) else _signature(function, method=True)
        yield {"name": f"{name}.{member}", "full": f"{full}.{member}", "signature": signature, **_parsed(function)}


def _signature(function: Any, method: bool = False) -> str:
    signature = inspect.signature(function)
    parameters = list(signature.parameters.values())[1 if method else 0 :]
    text = str(signature.replace(parameters=parameters)).replace("'", "")
    return re.sub(r"questions\.|pd\.|pa\.", "", _DEFAULT.sub("…", text))


def _parsed(thing: Any) -> dict[str, Any]:
    """The sections of a docstring."""
    griffe = needed("griffe", "the documentation of the site", "site")
    text, lists = [], []
    for section in griffe.Docstring(inspect.getdoc(thing) or "", parser="google").parse(warnings=False):
        kind = section.kind.value
        if kind == "text":
            text += [part for part in str(section.value).split("\n\n") if part.strip()]
        elif kind in ("parameters", "attributes", "raises", "returns"):
            items = [
                (getattr(item, "name", "") or str(getattr(item, "annotation", "") or ""), item.description)
                for item in section.value
            ]
            lists.append((kind.capitalize(), items))
    return {"text": text, "lists": lists}


def _commands(parser: argparse.ArgumentParser | None) -> Iterator[Page]:
    """The command line, if the command gave it."""
    if parser is None:
        return
    subparsers = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    helps = {choice.dest: choice.help or "" for action in subparsers for choice in action._choices_actions}
    entries = [
        {
            "name": name,
            "help": helps.get(name, ""),
            "about": each.description or "",
            "usage": " ".join(each.format_usage().removeprefix("usage: ").split()),
            "epilog": each.epilog or "",
            "options": [
                _option(action)
                for action in each._actions
                if action.help != argparse.SUPPRESS and action.dest != "help"
            ],
        }
        for action in subparsers
        for name, each in action.choices.items()
    ]
    yield Page(
        "docs/command-line/",
        "commands.html",
        "Command line",
        "The commands of evcollab and their options.",
        {"about": parser.description or "", "epilog": parser.epilog or "", "entries": entries},
        table="docs",
    )


def _option(action: argparse.Action) -> tuple[str, str]:
    name = ", ".join(action.option_strings) or str(action.metavar or action.dest)
    value = "" if action.nargs == 0 or not action.option_strings else f" {action.metavar or action.dest.upper()}"
    choices = f" One of {', '.join(map(str, action.choices))}." if action.choices else ""
    return f"{name}{value}", f"{(action.help or '').removesuffix('.')}.{choices}".removeprefix(".").strip()
