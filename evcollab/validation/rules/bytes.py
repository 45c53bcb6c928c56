"""Rules on the files as such, found while they are read."""

from functools import partial

from evcollab.validation import catalogue
from evcollab.validation.catalogue import Key, Text
from evcollab.validation.rules.shapes import FORUM, VOLTA, row

FILE = "data/organisations.csv"
FORMAT = "Run `evcollab format`; it fixes this."
declare = partial(catalogue.declare, layer="bytes")

declare(
    "file-missing",
    summary="Every file that the descriptor names is there and can be read.",
    why="RemoveRow it the table, and everything that points at it, cannot be used.",
    fix="Put the file back, or correct its path in datapackage.json.",
    bad=Key("datapackage.json", ("resources", 0, "path"), "data/event.csv"),
    reported=("data/event.csv", 1, ""),
)
declare(
    "limit-exceeded",
    summary="No file, table or cell is larger, and no JSON nested deeper, than the limits.",
    why="A file of absurd size is a mistake or an attack; reading it could use up the memory.",
    fix="Remove what does not belong there, or raise the limit (see `evcollab validate --help`).",
    bad=Text(FILE, "Volta Lao", "x" * 100_001),
    reported=(FILE, 6, "aliases"),
    supersedes=("cell-length", "cell-pattern"),
)
declare(
    "file-encoding",
    summary="Files are UTF-8 text, without the replacement character that marks lost letters.",
    why="Other encodings turn names into something else, differently on every computer.",
    fix="Save the file as UTF-8 and type the damaged letters again.",
    good=row("organisations", VOLTA, name="Volta Motors Café"),
    bad=Text(FILE, b"Volta Lao", b"Volta Caf\xe9"),
    reported=(FILE, 6, "aliases"),
)
declare(
    "file-bom",
    summary="Files begin with their first letter, not with a byte order mark.",
    why="Programs take the mark for a part of the first column's name and do not find the column.",
    fix=FORMAT,
    bad=Text(FILE, b"organisation_id,name", b"\xef\xbb\xbforganisation_id,name"),
    reported=(FILE, 1, ""),
)
declare(
    "file-line-ends",
    summary="Lines end with LF, the last one too.",
    why="Mixed line ends make every line look changed, and some programs read them as empty lines.",
    fix=FORMAT,
    bad=Text(FILE, b",,Q152081,,\n", b",,Q152081,,\r\n"),
    reported=(FILE, 3, ""),
)
declare(
    "file-not-csv",
    summary="Tables are well-formed CSV (RFC 4180): every quote that opens also closes.",
    why="After an open quote the rest of the file is one cell, and its records are lost.",
    fix="Close the quote; a quote inside a quoted cell is written twice.",
    good=row("organisations", VOLTA, name='Volta "Motors"'),
    bad=Text(FILE, "volta-motors,Volta Motors", 'volta-motors,"Volta Motors'),
    reported=(FILE, 6, ""),
)
declare(
    "header-column-missing",
    summary="The header has every column of the schema.",
    why="RemoveRow its column nothing can be read from the table.",
    fix="Add the column to the header, and a cell to every row.",
    bad=Text(FILE, ",lei\n", "\n"),
    reported=(FILE, 1, "lei"),
)
declare(
    "header-column-unknown",
    summary="The header has no column that the schema does not describe.",
    why="Nobody can tell what such a column means; often it is a misspelt name.",
    fix="Correct the name or remove the column.",
    bad=Text(FILE, ",website,", ",web_site,"),
    reported=(FILE, 1, "web_site"),
)
declare(
    "header-column-duplicate",
    summary="No column appears twice in the header.",
    why="It is not clear which of the two holds the value.",
    fix="Remove one of the columns, or give it its right name.",
    bad=Text(FILE, ",name,short_name,", ",name,name,"),
    reported=(FILE, 1, "name"),
)
declare(
    "header-order",
    summary="The columns stand in the order of the schema.",
    why="Programs that go by position would read the wrong column, and it is not clear whether only the names moved.",
    fix="Put the names back if only they were exchanged; if whole columns were moved, run `evcollab format`.",
    bad=Text(
        "data/countries.csv",
        "country_code,alpha2,name,short_name,aliases,region,subregion",
        "country_code,alpha2,name,short_name,aliases,subregion,region",
    ),
    reported=("data/countries.csv", 1, ""),
)
declare(
    "row-ragged",
    summary="Every row has as many cells as the header.",
    why="From the missing or extra comma on, every value stands in the wrong column.",
    fix="Add or remove commas; put a cell that contains a comma between double quotes.",
    good=row("organisations", VOLTA, name="Volta, Motors"),
    bad=Text(FILE, "volta-motors,Volta Motors", "volta-motors,Volta, Motors"),
    reported=(FILE, 6, ""),
)
declare(
    "row-blank",
    summary="There are no empty lines between the rows.",
    why="Programs read an empty line as a record without values, or stop there.",
    fix=FORMAT,
    bad=Text(FILE, "\nvolta-motors", "\n\nvolta-motors"),
    reported=(FILE, 6, ""),
)
declare(
    "cell-control-character",
    summary="Cells hold no control characters.",
    why="They are invisible, break other programs and come from faulty copying.",
    fix="Type the cell again, or delete the character.",
    bad=Text(FILE, "Volta Lao", "Volta\x07Lao"),
    reported=(FILE, 6, "aliases"),
)
declare(
    "cell-line-break",
    summary="Cells hold no line break.",
    why="One record is one line: otherwise line numbers and comparisons of versions go wrong.",
    fix=FORMAT,
    bad=Text(FILE, "volta-motors,Volta Motors", 'volta-motors,"Volta\nMotors"'),
    reported=(FILE, 6, "name"),
)
declare(
    "cell-zero-width-character",
    summary="Cells hold no invisible characters of no width (joiners between letters that need them aside).",
    why="Two names that look the same would differ, and searching would not find them.",
    fix="Type the cell again, or delete the character.",
    good=row("events", FORUM, name_local="می\u200cخواهم"),
    bad=Text(FILE, "Volta Lao", "Volta\u200bLao"),
    reported=(FILE, 6, "aliases"),
)
declare(
    "cell-bidirectional-character",
    summary="Cells hold no characters that change the direction of writing.",
    why="They make a text look different from what it says.",
    fix="Delete the character; programs find the direction from the letters.",
    good=row("events", FORUM, name_local="منتدى المركبات الكهربائية"),
    bad=Text(FILE, "Volta Lao", "Volta\u202eLao"),
    reported=(FILE, 6, "aliases"),
)
declare(
    "cell-non-breaking-character",
    summary="Spaces and hyphens are ordinary ones, not non-breaking ones.",
    why="They look like a space or hyphen but are none: equal names would differ.",
    fix="Put an ordinary space or hyphen in its place; `evcollab format` fixes the spaces.",
    bad=Text(FILE, "Volta Lao", "Volta\u00a0Lao"),
    reported=(FILE, 6, "aliases"),
)
declare(
    "cell-untrimmed",
    summary="Cells have no space at their beginning or end.",
    why="`PAK ` is not `PAK`: such a cell matches nothing.",
    fix=FORMAT,
    bad=Text(FILE, "volta-motors,Volta Motors,", "volta-motors,Volta Motors ,"),
    reported=(FILE, 6, "name"),
    supersedes=("cell-pattern", "cell-category", "cell-type", "reference-unknown"),
)
declare(
    "cell-formula",
    summary="No cell begins as a formula: with = + - @, a tab or a carriage return (numbers aside).",
    why="A spreadsheet would run it instead of showing it; that is also a known attack.",
    fix="Write the text without that first character, or put a word before it.",
    bad=Text(FILE, "volta-motors,Volta Motors,", "volta-motors,=Volta Motors,"),
    reported=(FILE, 6, "name"),
    supersedes=("cell-control-character", "cell-untrimmed", "cell-line-break"),
)
declare(
    "not-canonical",
    severity="warning",
    summary="Tables are in canonical form: sorted by key, minimal quotes, single spaces, composed letters (NFC).",
    why="With one form for one content, a comparison of two versions shows only what changed.",
    fix=FORMAT,
    bad=Text(FILE, "volta-motors,Volta Motors,", 'volta-motors,"Volta Motors",'),
    reported=(FILE, 6, ""),
)
