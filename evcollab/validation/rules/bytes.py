"""Rules on the files as such, found while they are read."""

from evcollab.validation.catalogue import Key, SetCells, Text, declare

FORUM = "lao-forum-2023"
FILE = "data/organisations.csv"
FORMAT = "Run `evcollab format`; it fixes this."

declare(
    "file-missing",
    "bytes",
    "error",
    summary="Every file that the descriptor names is there and can be read.",
    why="RemoveRow it the table, and everything that points at it, cannot be used.",
    fix="Put the file back, or correct its path in datapackage.json.",
    good=(),
    bad=(Key("datapackage.json", ("resources", 0, "path"), "data/event.csv"),),
    reported=("data/event.csv", 1, ""),
)
declare(
    "limit-exceeded",
    "bytes",
    "error",
    summary="No file, table or cell is larger, and no JSON nested deeper, than the limits.",
    why="A file of absurd size is a mistake or an attack; reading it could use up the memory.",
    fix="Remove what does not belong there, or raise the limit (see `evcollab validate --help`).",
    good=(),
    bad=(Text(FILE, "Volta Lao", "x" * 100_001),),
    reported=(FILE, 6, "aliases"),
    supersedes=("cell-length", "cell-pattern"),
)
declare(
    "file-encoding",
    "bytes",
    "error",
    summary="Files are UTF-8 text, without the replacement character that marks lost letters.",
    why="Other encodings turn names into something else, differently on every computer.",
    fix="Save the file as UTF-8 and type the damaged letters again.",
    good=(SetCells("organisations", "volta-motors", {"name": "Volta Motors Café"}),),
    bad=(Text(FILE, b"Volta Lao", b"Volta Caf\xe9"),),
    reported=(FILE, 6, "aliases"),
)
declare(
    "file-bom",
    "bytes",
    "error",
    summary="Files begin with their first letter, not with a byte order mark.",
    why="Programs take the mark for a part of the first column's name and do not find the column.",
    fix=FORMAT,
    good=(),
    bad=(Text(FILE, b"organisation_id,name", b"\xef\xbb\xbforganisation_id,name"),),
    reported=(FILE, 1, ""),
)
declare(
    "file-line-ends",
    "bytes",
    "error",
    summary="Lines end with LF, the last one too.",
    why="Mixed line ends make every line look changed, and some programs read them as empty lines.",
    fix=FORMAT,
    good=(),
    bad=(Text(FILE, b",,Q152081,,\n", b",,Q152081,,\r\n"),),
    reported=(FILE, 3, ""),
)
declare(
    "file-not-csv",
    "bytes",
    "error",
    summary="Tables are well-formed CSV (RFC 4180): every quote that opens also closes.",
    why="After an open quote the rest of the file is one cell, and its records are lost.",
    fix="Close the quote; a quote inside a quoted cell is written twice.",
    good=(SetCells("organisations", "volta-motors", {"name": 'Volta "Motors"'}),),
    bad=(Text(FILE, "volta-motors,Volta Motors", 'volta-motors,"Volta Motors'),),
    reported=(FILE, 6, ""),
)
declare(
    "header-column-missing",
    "bytes",
    "error",
    summary="The header has every column of the schema.",
    why="RemoveRow its column nothing can be read from the table.",
    fix="Add the column to the header, and a cell to every row.",
    good=(),
    bad=(Text(FILE, ",lei\n", "\n"),),
    reported=(FILE, 1, "lei"),
)
declare(
    "header-column-unknown",
    "bytes",
    "error",
    summary="The header has no column that the schema does not describe.",
    why="Nobody can tell what such a column means; often it is a misspelt name.",
    fix="Correct the name or remove the column.",
    good=(),
    bad=(Text(FILE, ",website,", ",web_site,"),),
    reported=(FILE, 1, "web_site"),
)
declare(
    "header-column-duplicate",
    "bytes",
    "error",
    summary="No column appears twice in the header.",
    why="It is not clear which of the two holds the value.",
    fix="Remove one of the columns, or give it its right name.",
    good=(),
    bad=(Text(FILE, ",name,short_name,", ",name,name,"),),
    reported=(FILE, 1, "name"),
)
declare(
    "header-order",
    "bytes",
    "error",
    summary="The columns stand in the order of the schema.",
    why="Programs that go by position would read the wrong column, and it is not clear whether only the names moved.",
    fix="Put the names back if only they were exchanged; if whole columns were moved, run `evcollab format`.",
    good=(),
    bad=(
        Text(
            "data/countries.csv",
            "country_code,alpha2,name,short_name,aliases,region,subregion",
            "country_code,alpha2,name,short_name,aliases,subregion,region",
        ),
    ),
    reported=("data/countries.csv", 1, ""),
)
declare(
    "row-ragged",
    "bytes",
    "error",
    summary="Every row has as many cells as the header.",
    why="From the missing or extra comma on, every value stands in the wrong column.",
    fix="Add or remove commas; put a cell that contains a comma between double quotes.",
    good=(SetCells("organisations", "volta-motors", {"name": "Volta, Motors"}),),
    bad=(Text(FILE, "volta-motors,Volta Motors", "volta-motors,Volta, Motors"),),
    reported=(FILE, 6, ""),
)
declare(
    "row-blank",
    "bytes",
    "error",
    summary="There are no empty lines between the rows.",
    why="Programs read an empty line as a record without values, or stop there.",
    fix=FORMAT,
    good=(),
    bad=(Text(FILE, "\nvolta-motors", "\n\nvolta-motors"),),
    reported=(FILE, 6, ""),
)
declare(
    "cell-control-character",
    "bytes",
    "error",
    summary="Cells hold no control characters.",
    why="They are invisible, break other programs and come from faulty copying.",
    fix="Type the cell again, or delete the character.",
    good=(),
    bad=(Text(FILE, "Volta Lao", "Volta\x07Lao"),),
    reported=(FILE, 6, "aliases"),
)
declare(
    "cell-line-break",
    "bytes",
    "error",
    summary="Cells hold no line break.",
    why="One record is one line: otherwise line numbers and comparisons of versions go wrong.",
    fix=FORMAT,
    good=(),
    bad=(Text(FILE, "volta-motors,Volta Motors", 'volta-motors,"Volta\nMotors"'),),
    reported=(FILE, 6, "name"),
)
declare(
    "cell-zero-width-character",
    "bytes",
    "error",
    summary="Cells hold no invisible characters of no width (joiners between letters that need them aside).",
    why="Two names that look the same would differ, and searching would not find them.",
    fix="Type the cell again, or delete the character.",
    good=(SetCells("events", FORUM, {"name_local": "می\u200cخواهم"}),),
    bad=(Text(FILE, "Volta Lao", "Volta\u200bLao"),),
    reported=(FILE, 6, "aliases"),
)
declare(
    "cell-bidirectional-character",
    "bytes",
    "error",
    summary="Cells hold no characters that change the direction of writing.",
    why="They make a text look different from what it says.",
    fix="Delete the character; programs find the direction from the letters.",
    good=(SetCells("events", FORUM, {"name_local": "منتدى المركبات الكهربائية"}),),
    bad=(Text(FILE, "Volta Lao", "Volta\u202eLao"),),
    reported=(FILE, 6, "aliases"),
)
declare(
    "cell-non-breaking-character",
    "bytes",
    "error",
    summary="Spaces and hyphens are ordinary ones, not non-breaking ones.",
    why="They look like a space or hyphen but are none: equal names would differ.",
    fix="Put an ordinary space or hyphen in its place; `evcollab format` fixes the spaces.",
    good=(),
    bad=(Text(FILE, "Volta Lao", "Volta\u00a0Lao"),),
    reported=(FILE, 6, "aliases"),
)
declare(
    "cell-untrimmed",
    "bytes",
    "error",
    summary="Cells have no space at their beginning or end.",
    why="`PAK ` is not `PAK`: such a cell matches nothing.",
    fix=FORMAT,
    good=(),
    bad=(Text(FILE, "volta-motors,Volta Motors,", "volta-motors,Volta Motors ,"),),
    reported=(FILE, 6, "name"),
    supersedes=("cell-pattern", "cell-category", "cell-type", "reference-unknown"),
)
declare(
    "cell-formula",
    "bytes",
    "error",
    summary="No cell begins as a formula: with = + - @, a tab or a carriage return (numbers aside).",
    why="A spreadsheet would run it instead of showing it; that is also a known attack.",
    fix="Write the text without that first character, or put a word before it.",
    good=(),
    bad=(Text(FILE, "volta-motors,Volta Motors,", "volta-motors,=Volta Motors,"),),
    reported=(FILE, 6, "name"),
    supersedes=("cell-control-character", "cell-untrimmed", "cell-line-break"),
)
declare(
    "not-canonical",
    "bytes",
    "warning",
    summary="Tables are in canonical form: sorted by key, minimal quotes, single spaces, composed letters (NFC).",
    why="With one form for one content, a comparison of two versions shows only what changed.",
    fix=FORMAT,
    good=(),
    bad=(Text(FILE, "volta-motors,Volta Motors,", 'volta-motors,"Volta Motors",'),),
    reported=(FILE, 6, ""),
)
