"""Rules on `datapackage.json` and the schemas, found while they are read."""

from functools import partial

from evcollab.validation import catalogue
from evcollab.validation.catalogue import Key, Text

DESCRIPTOR = "datapackage.json"
EVENTS = "schemas/events.schema.json"
declare = partial(catalogue.declare, layer="descriptor")

declare(
    "descriptor-json",
    summary="`datapackage.json` and the schemas are JSON objects, with every key once.",
    why="Nothing can be known about the tables otherwise.",
    fix="Correct the JSON at this line; most often a comma or a quote is missing or left over.",
    bad=Text(DESCRIPTOR, '"name": "example-register",', '"name": "example-register"'),
    reported=(DESCRIPTOR, 4, ""),
)
declare(
    "descriptor-profile",
    summary="The descriptor and the schemas have the keys they need, rightly spelt, with values of the right kind.",
    why="A misspelt key is ignored by most programs: its constraint would be checked by nobody.",
    fix="Correct the key or its value; docs/rules.md links to what Data Package v2 says.",
    bad=Key(EVENTS, ("fields", 1, "constraint"), {"required": True}),
)
declare(
    "descriptor-duplicate-name",
    summary="No two tables and no two columns of a table have the same name.",
    why="It is not clear which one is meant.",
    fix="Rename one of them.",
    bad=Key(EVENTS, ("fields", 2, "name"), "name"),
)
declare(
    "descriptor-enum-categories",
    summary="The values of `categories` and of `constraints.enum` are the same.",
    why="Some programs know only the one, some only the other: they would accept different data.",
    fix="Write the same values in both.",
    bad=Key(EVENTS, ("fields", 9, "constraints", "enum"), ["announced", "held", "postponed"]),
)
declare(
    "descriptor-key-column",
    summary="Keys name columns that exist, in this table and in the one they point at.",
    why="A key on a column that is not there is checked by nobody.",
    fix="Correct the name of the column.",
    bad=Key(EVENTS, ("foreignKeys", 0, "fields"), ["country"]),
)
declare(
    "descriptor-key-table",
    summary="Foreign keys point at tables that exist.",
    why="A reference into a table that is not there cannot be checked.",
    fix="Correct the name of the table.",
    bad=Key(EVENTS, ("foreignKeys", 0, "reference", "resource"), "country"),
)
declare(
    "descriptor-version",
    summary="The `version` of a schema is one that this evcollab knows.",
    why="A newer format may mean something else by the same columns.",
    fix="Upgrade evcollab, or correct the version.",
    good=Key(EVENTS, ("version",), "1.9.0"),
    bad=Key(EVENTS, ("version",), "2.0.0"),
)
declare(
    "descriptor-unsafe-path",
    summary="Paths are relative and stay inside the package: no address, no `..`, no absolute path, no link out of it.",
    why="Validating somebody's package must not read other files of your computer or the network.",
    fix="Put the file into the package and give its path relative to datapackage.json.",
    bad=Key(DESCRIPTOR, ("resources", 0, "path"), "https://example.org/events.csv"),
)
declare(
    "descriptor-standard",
    summary="A table of the evcollab data format has all its columns, with their types, vocabularies and keys.",
    why="Rules and programs rely on them; a table without its keys or constraints would pass unchecked.",
    fix="Restore the column as in the schemas that come with evcollab, or give a table of your own another name.",
    bad=Key(EVENTS, ("fields", 1, "constraints", "maxLength"), None),
)
declare(
    "descriptor-pattern",
    summary="Every `pattern` is one that RE2 can run: no look-around, no reference back.",
    why="Such a pattern can take hours on one cell, so it is not run: no cell would be held against it.",
    fix="Write the pattern without look-around (`(?=`, `(?!`, `(?<`) and references back (`\\1`).",
    bad=Key(EVENTS, ("fields", 1, "constraints", "pattern"), "(?=.)[^|]*"),
    supersedes=("descriptor-standard",),
)
declare(
    "descriptor-example",
    summary="The `example` of a column is a value that the column accepts.",
    why="Templates, forms and documentation show the example; whoever copies it would be refused.",
    fix="Write an example that fits the type, the codes, the pattern and the length.",
    good=Key(EVENTS, ("fields", 7, "example"), "2024-05"),
    bad=Key(EVENTS, ("fields", 7, "example"), "May 2024"),
)
declare(
    "descriptor-boolean",
    summary="No text is among `trueValues` and `falseValues` at once.",
    why="The cell would be true for one program and false for another.",
    fix="Take the text out of one of the lists.",
    bad=Key("schemas/policy_targets.schema.json", ("fields", 7, "falseValues"), ["false", "true"]),
)
declare(
    "descriptor-licence",
    summary="The `name` of a licence is the one that its `path` leads to and its `title` names.",
    why="Nobody could tell under which licence the data may be used.",
    fix="Correct the name or the address.",
    good=Key(DESCRIPTOR, ("licenses", 0, "path"), "https://creativecommons.org/licenses/by/4.0/deed.fr"),
    bad=Key(DESCRIPTOR, ("licenses", 0, "path"), "https://creativecommons.org/licenses/by-nc/4.0/"),
    reported=(DESCRIPTOR, 0, "/licenses/0/name"),
)
declare(
    "descriptor-placeholder",
    summary="Titles, descriptions, keywords and addresses of the package say something: no placeholder, no private address.",
    why="They are printed in catalogues, forms and documentation.",
    fix="Write what it is, or remove the key.",
    good=Key(DESCRIPTOR, ("homepage",), "https://www.example.org/register"),
    bad=Key(DESCRIPTOR, ("title",), "TODO"),
)
declare(
    "descriptor-created",
    summary="The package was `created` in this century and not in the future.",
    why="Citations and releases quote the day.",
    fix="Write the time as in `2026-11-20T00:00:00Z`.",
    good=Key(DESCRIPTOR, ("created",), "2024-02-29T12:00:00+02:00"),
    bad=Key(DESCRIPTOR, ("created",), "2206-11-20T00:00:00Z"),
)
declare(
    "resource-hash",
    summary="The `hash` of a table is the sha256 of its file.",
    why="A file that differs from its hash has been changed or damaged on the way.",
    fix="If the file is right, run `evcollab format`; it writes size, hash and number of rows anew.",
    bad=Key(DESCRIPTOR, ("resources", 0, "hash"), "sha256:" + "0" * 64),
)
declare(
    "resource-bytes",
    summary="The `bytes` of a table is the size of its file.",
    why="A file of another size has been changed or cut off.",
    fix="If the file is right, run `evcollab format`; it writes size, hash and number of rows anew.",
    bad=Key(DESCRIPTOR, ("resources", 0, "bytes"), 1),
)
declare(
    "resource-rows",
    summary="The `rows` of a table is the number of its records.",
    why="A table with fewer records than announced has lost some.",
    fix="If the file is right, run `evcollab format`; it writes size, hash and number of rows anew.",
    bad=Key(DESCRIPTOR, ("resources", 0, "rows"), 99),
)
declare(
    "register-interrupted",
    summary="No change of the package was cut short, and none goes on while it is read.",
    why="Some files would be those of the new state, some those of the old one.",
    fix="Run `evcollab format`, or any other command that changes the package: it first restores the state before.",
    bad=Text(".evcollab-journal", "", '{"data/events.csv": true}'),
    reported=(DESCRIPTOR, 1, ""),
)
