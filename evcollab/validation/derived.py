"""What rules need beside the cells: keys and verdicts computed once in Python for each distinct text, as tables."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, groupby, islice, pairwise, product
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode

from evcollab import csvfile, names, package
from evcollab.package import Field
from evcollab.provenance import CLAIMED, ROW
from evcollab.urls import normal_url
from evcollab.validation import columns
from evcollab.validation.asking import MOST
from evcollab.validation.catalogue import identifier, listed, quoted
from evcollab.validation.engine import Engine

LINKS = (("organisations", "parent_id"), ("policies", "replaces_id"), ("policy_targets", "supersedes_id"))
NAMES = (
    "SELECT name AS text FROM organisations WHERE name <> '' UNION SELECT person_name FROM participants "
    "WHERE person_name <> '' UNION SELECT post FROM participants WHERE post <> '' "
    "UNION SELECT unnest(items(aliases)) FROM organisations WHERE aliases <> ''"
)
"""SQL: the texts that are compared as names."""
PAGES = "SELECT DISTINCT url AS text FROM sources WHERE url <> ''"
URLS = f"{PAGES} UNION SELECT archive_url FROM sources WHERE archive_url <> ''"
"""SQL: the texts that are compared as addresses."""
_ORDINAL = f"\\b({'|'.join(names.ORDINALS)})\\b"
SIMPLE_NAME = f"strlen(text) = length(text) AND NOT regexp_matches(lower(text), '{_ORDINAL}')"
"""SQL: a text is in ASCII and has no number as a word."""
NAME_KEY = "trim(regexp_replace(lower(replace(text, '&', ' and ')), '[^a-z0-9_]+', ' ', 'g'))"
"""SQL: `names.key` of such a text."""
SIMPLE_URL = "regexp_full_match(text, 'https?://([a-z0-9-]+\\.)+[a-z0-9-]*[a-z][a-z0-9-]*(/[A-Za-z0-9._~/-]*)?')"
URL_KEY = "rtrim(regexp_replace(text, '^https?://(www\\.)?', ''), '/')"
"""SQL: `normal_url` of such a simple address."""
SIMPLE_PAGE = (
    "regexp_full_match(text, 'https?://([a-z0-9-]+\\.)+[a-z]+(/[A-Za-z0-9._~-]*)*') AND NOT regexp_matches(text, "
    "'//.*//|/\\.|^https?://(m|mobile|amp|web|wap|www[0-9]+)\\.|/(index|default|home)\\.|/amp$|/amp/|/print|\\.amp')"
)


_VARIANTS = re.compile(
    r"utm_.*|fbclid|gclid|mc_[ce]id|igshid|yclid|msclkid|_ga|ref|ref_src|amp|output|outputtype|print|printable|view|share|from|source|spm|"
    r"sessionid|jsessionid|sid|phpsessid",
    re.IGNORECASE,
)


def same_page(url: str) -> str | None:
    """A text that all addresses of one page share: host and path without what servers take for the same."""
    page = normal_url(url)
    if page is None:
        return None
    host, slash, rest = page.partition("/")
    host = re.sub(r"^(www[0-9]*|m|mobile|amp|web|wap)\.", "", host.lower())
    path, _, query = rest.partition("?")
    parts: list[str] = []
    for part in unquote(path).split(";jsessionid")[0].split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    while parts and re.fullmatch(r"(index|default|home)\.[a-z]{2,5}|amp|print|index", parts[-1], re.IGNORECASE):
        parts.pop()
    if parts:
        parts[-1] = re.sub(r"\.(amp|print)(\.html?)?$|\.amp$", "", parts[-1], flags=re.IGNORECASE)
    if parts and parts[0].lower() in ("amp", "print"):
        parts.pop(0)
    kept = sorted(pair for pair in parse_qsl(query, keep_blank_values=True) if not _VARIANTS.fullmatch(pair[0]))
    return (host + slash + "/".join(parts)).rstrip("/").lower() + ("?" + urlencode(kept) if kept else "")


def countries() -> tuple[list[str], list[list[str]]]:
    """The columns and rows of the shipped table of countries."""
    shipped = package.standard()
    table, _ = csvfile.read_table(shipped.read_bytes("countries"), "", shipped.schemas["countries"])
    return list(shipped.schemas["countries"].fields), table.rows if table else []


_LOOKS = str.maketrans(
    "авекмнорстухіјѕԛԝһӏсдг" + "αβγεζηικμνορτυχωϲ" + "ɑɡıℓ", "abekmhopctyxijsqwhlcдг" + "abyezniкuvoptuxwc" + "agil"
)


def skeleton(name: str) -> str:
    """A name with every letter as the Latin letter that it looks like."""
    lowered = unicodedata.normalize("NFKC", name).translate(_CAPITALS).casefold()
    return unicodedata.normalize("NFC", lowered).translate(_LOOKS)


_CAPITALS = str.maketrans("АВЕКМНОРСТУХІЈЅԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTYXIJSQWABEZHIKMNOPTYX")


class Keyed(NamedTuple):
    """Texts that are compared by a key, which SQL makes of a simple text, and Python of any other."""

    key: str
    texts: str
    simple: str
    in_sql: str
    in_python: Callable[[str], str | None]
    function: str


KEYED = {
    "names": Keyed("key", NAMES, SIMPLE_NAME, NAME_KEY, names.key, "evcollab_name_key"),
    "urls": Keyed("page", URLS, SIMPLE_URL, URL_KEY, normal_url, "evcollab_normal_url"),
    "pages": Keyed("page", PAGES, SIMPLE_PAGE, f"lower({URL_KEY})", same_page, "evcollab_same_page"),
}
"""The tables of keys; `function` is what queries in another engine call."""


def prepare(engine: Engine, *, with_alike: bool = True) -> None:
    """Make the derived tables. No error needs the names that are alike."""
    places = (
        (table, name, position)
        for table, loaded in engine.tables.items()
        for position, name in enumerate(loaded.schema.fields)
    )
    engine.fill("columns", "table_name VARCHAR, name VARCHAR, position BIGINT", places)
    with ThreadPoolExecutor(1) as pool:
        alike = pool.submit(lambda: list(islice(_alike(engine), MOST)) if with_alike else [])
        for table, of in KEYED.items():
            _fill_keys(engine, table, of)
        headings, rows = countries()
        cells = ((row[0], name, cell) for row in rows for name, cell in zip(headings[1:], row[1:], strict=True))
        engine.fill("standard", "country_code VARCHAR, field VARCHAR, value VARCHAR", cells)
        _fill_skeletons(engine)
        engine.fill("cycles", "table_name VARCHAR, field VARCHAR, key VARCHAR, way VARCHAR", _cycles(engine))
        _fill_cells(engine)
        engine.fill("alike", "list VARCHAR, earlier VARCHAR, later VARCHAR, same BOOLEAN", alike.result())


def _fill_keys(engine: Engine, table: str, of: Keyed) -> None:
    chosen = f"SELECT text, {of.in_sql} AS {of.key} FROM ({of.texts}) WHERE {of.simple}"
    engine.run(f"CREATE TABLE derived.{table} AS {chosen}")
    rest = engine.ask(f"SELECT text FROM ({of.texts}) WHERE NOT ({of.simple})")
    engine.fill(table, f"text VARCHAR, {of.key} VARCHAR", ((text, of.in_python(text)) for text in rest))


def _fill_skeletons(engine: Engine) -> None:
    """The look-alike keys of names with letters beyond ASCII, and the names in ASCII that have one of them."""
    odd = engine.ask("SELECT DISTINCT name FROM organisations WHERE strlen(name) > length(name)")
    engine.fill("skeletons", "text VARCHAR, skeleton VARCHAR", ((name, skeleton(name)) for name in odd))
    engine.run(
        "INSERT INTO derived.skeletons SELECT DISTINCT name, lower(name) FROM organisations "
        "WHERE strlen(name) = length(name) AND lower(name) IN (SELECT skeleton FROM derived.skeletons)"
    )


def _cycles(engine: Engine) -> Iterator[tuple[str, str, str, str]]:
    for table, column in LINKS:
        links = dict(engine.run(f"SELECT _key, {column} FROM {table} WHERE {column} <> '' ORDER BY _key"))
        for circle in circles(links):
            yield table, column, circle[0], " → ".join([*circle, circle[0]])


def circles(links: Mapping[str, str]) -> Iterator[list[str]]:
    """The circles of references, each from its smallest member on."""
    done: set[str] = set()
    for start in links:
        way, here = [], start
        while here in links and here not in done:
            done.add(here)
            way.append(here)
            here = links[here]
        if here in way:
            circle = way[way.index(here) :]
            turn = circle.index(min(circle))
            yield circle[turn:] + circle[:turn]


def _alike(engine: Engine) -> Iterator[tuple[str, str, str, bool]]:
    """Pairs of records whose names are alike: events of one country, organisations of one country or of none."""
    numbers = "concat_ws(' ', country_code, list_sort(list_distinct(regexp_extract_all(name, '[0-9]+')))::VARCHAR)"
    for table, where in (("events", "country_code <> '' AND name <> ''"), ("organisations", "true")):
        rows = engine.run(
            f"SELECT _key, country_code, name FROM {table} WHERE {where} "
            f"QUALIFY count(*) OVER (PARTITION BY {numbers}) > 1 ORDER BY _key"
        )
        blocks: defaultdict[tuple[str, tuple[str, ...]], list[tuple[str, str, str]]] = defaultdict(list)
        for key, country, name in rows:
            shown = name if table == "events" else names.bare(name)
            words, figures = names.compared(shown)
            blocks[country, figures].append((key, words, name))
        for block in blocks.values():
            for (earlier, _, one), (later, _, other) in _alike_in(block):
                yield table, earlier, later, names.key(one) == names.key(other)


Entry = tuple[str, str, str]
_FEW = 500


def _alike_in(block: list[Entry]) -> Iterator[tuple[Entry, Entry]]:
    by_words: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in block:
        by_words[entry[1]].append(entry)
    texts = sorted(by_words, key=len)
    pairs = _near_in_length(texts) if len(texts) <= _FEW else _candidates(texts)
    for entries in by_words.values():
        yield from combinations(entries, 2)
    for first, second in pairs:
        if names.similar_words(first, second):
            for one, other in product(by_words[first], by_words[second]):
                yield min(one, other), max(one, other)


def _near_in_length(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of texts, sorted by length, whose lengths do not differ too much for similar texts."""
    for number, text in enumerate(texts, 1):
        for other in islice(texts, number, None):
            if 2 * len(text) < names.SIMILAR * (len(text) + len(other)):
                break
            yield text, other


def _candidates(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of texts, sorted by length, that may be similar: the rarest pairs of letters of the one meet those of the
    other (prefix filter).

    Similar texts of lengths m and n differ in at most (1 - SIMILAR)(m + n) letters, and each of them spoils two pairs
    of letters at most. So of the pairs of one text, all but so many are in the other, and one of its rarest is.
    """
    pairs = {text: names.numbered(map("".join, pairwise(text))) for text in texts}
    known = Counter(pair for found in pairs.values() for pair in found)
    index: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for text in texts:
        spoilt = int(2 * (1 - names.SIMILAR) * len(text) * (1 + (2 - names.SIMILAR) / names.SIMILAR)) + 1
        rare = sorted(pairs[text], key=lambda pair: (known[pair], pair))[: spoilt + 1]
        yield from ((other, text) for other in dict.fromkeys(other for pair in rare for other in index[pair]))
        for pair in rare:
            index[pair].append(text)


def _fill_cells(engine: Engine) -> None:
    """The cells that claims speak of, with how many are preferred and how many stand, and what claims get wrong."""
    layout = (
        "table_name VARCHAR, record_id VARCHAR, field VARCHAR, value VARCHAR, line BIGINT, preferred BIGINT, "
        "standing BIGINT"
    )
    engine.fill("cells", layout, [])
    claimed = engine.run(
        "SELECT DISTINCT c.table_name, c.field, c.value FROM claims c SEMI JOIN derived.columns k "
        "ON k.table_name = c.table_name AND k.name = c.field"
    )
    spoken_of = sorted({(table, field) for table, field, _ in claimed if table in CLAIMED and field != ROW})
    for table, found in groupby(spoken_of, lambda place: place[0]):
        engine.run(f"INSERT INTO derived.cells {claimed_cells(table, [field for _, field in found])}")
    fields = {name: loaded.schema.fields for name, loaded in engine.tables.items()}
    problems = (
        (table, field, value, problem)
        for table, field, value in claimed
        if (problem := misfit(value, fields[table][field]))
    )
    engine.fill("claimed", "table_name VARCHAR, field VARCHAR, value VARCHAR, problem VARCHAR", problems)
    links = list(claimed_links(engine))
    engine.fill("links", "table_name VARCHAR, field VARCHAR, target VARCHAR, key VARCHAR", links)
    engine.run(f"CREATE TABLE derived.wanted AS {WANTED}")
    if links:
        engine.run(f"INSERT INTO derived.claimed {without_record(links)}")


def claimed_cells(table: str, columns: Sequence[str]) -> str:
    """SQL: the cells in some columns of a table that claims speak of."""
    cells = " ".join(f"WHEN {quoted(field)} THEN t.{identifier(field)}" for field in columns)
    return (
        f"SELECT '{table}' AS table_name, t._key AS record_id, c.field, CASE c.field {cells} END AS value, "
        f"t._line AS line, c.preferred, c.standing FROM {table} t JOIN (SELECT record_id, field, "
        "count(*) FILTER (rank = 'preferred') AS preferred, "
        "count(*) FILTER (rank <> 'deprecated') AS standing FROM claims "
        f"WHERE table_name = '{table}' AND field IN {listed(columns)} GROUP BY record_id, field) c "
        "ON c.record_id = t._key"
    )


def misfit(text: str, field: Field) -> str:
    """What is expected of a claimed value instead; empty if it fits its column."""
    if not text:
        return "a value, as the column must be filled" if field.required else ""
    limits = field.constraints
    pattern = limits.get("pattern")
    if pattern and not re.fullmatch(pattern, text):
        return f"the form {pattern}"
    if not limits.get("minLength", 0) <= len(text) <= limits.get("maxLength", len(text)):
        return f"{limits.get('minLength', 0)} to {limits.get('maxLength', 'any number of')} characters"
    return next((message.removeprefix("expected ") for _, message in columns.problems(text, field)), "")


Link = tuple[str, str, str, str]
WANTED = (
    "SELECT DISTINCT c.table_name, c.field, c.value, l.target, l.key "
    "FROM claims c JOIN derived.links l ON l.table_name = c.table_name AND l.field = c.field WHERE c.value <> ''"
)
"""SQL: the claimed values that refer to a record."""


def claimed_links(engine: Engine) -> Iterator[Link]:
    """The columns that claims may speak of and that refer to another table: table, column, target and its column."""
    for table in CLAIMED:
        if table in engine.tables:
            for column, (target, key) in engine.tables[table].schema.foreign_keys.items():
                if target in engine.tables and engine.tables[target].complete:
                    yield table, column, target, key


def without_record(links: Iterable[Link]) -> str:
    """SQL: the claimed values that refer to no record."""
    known = " UNION ALL ".join(
        f"SELECT {quoted(target)} AS target, {quoted(key)} AS key, {identifier(key)} AS value "
        f"FROM file.{identifier(target)} WHERE {identifier(key)} IN (SELECT value FROM derived.wanted)"
        for target, key in dict.fromkeys((target, key) for *_, target, key in links)
    )
    return (
        "SELECT w.table_name, w.field, w.value, 'the ' || w.key || ' of a record in ' || w.target AS problem "
        f"FROM derived.wanted w ANTI JOIN ({known}) k ON k.target = w.target AND k.key = w.key AND k.value = w.value"
    )
