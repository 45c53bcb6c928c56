"""The rules' SQL, which is DuckDB's, in the SQL of another engine: sqlglot translates, and here is what it leaves.

Nothing here knows a rule. A function that an engine has not, or has with another meaning, is rewritten wherever it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from typing import Any

from evcollab.errors import needed

sqlglot = needed("sqlglot", "translating the rules' SQL", "sql")
exp = sqlglot.expressions

_MACRO = re.compile(r"CREATE MACRO (\w+)\(([^)]*)\) AS (.*?);\n", re.DOTALL)
_EDGE = r"(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))"
"""Java: the edge of a word in ASCII, as RE2 understands it."""
_TOKEN = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]|\\[pP]\{\w+\}|\\.|\(\?[a-z]+\)|\{[0-9]+(?:,[0-9]*)?\}|.", re.DOTALL)
_IN_CLASS = re.compile(r"\\[pP]\{\w+\}|\\.|[\[&]", re.DOTALL)
_CAPTURING = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])|\((?!\?)", re.DOTALL)


class Translator:
    """Translates statements.

    Args:
        dialect: `duckdb`, `spark` or `bigquery`.
        macros: the statements that define the macros, which are written out where they are used.
        standard: the standard tables. `file.events` becomes `text_events`, `derived.names` becomes `derived_names`, and
            the standard table `events` is `text_events` too: a table that was exported has each identifier once.
    """

    def __init__(self, dialect: str, macros: str, standard: Container[str]) -> None:
        self.dialect = dialect
        self._standard = standard
        self._macros: dict[str, tuple[list[str], Any]] = {}
        for name, parameters, body in _MACRO.findall(macros):
            [written] = self._written_out(sqlglot.parse_one(f"SELECT {body}", read="duckdb")).args["expressions"]
            self._macros[name] = parameters.split(", ") if parameters else [], written

    def __call__(self, sql: str) -> tuple[str, frozenset[str], frozenset[str]]:
        """A statement in the dialect, the views that it reads, and the functions of ours that it calls."""
        tree = self._written_out(sqlglot.parse_one(sql, read="duckdb"))
        views = frozenset(filter(None, map(self._renamed, list(tree.find_all(exp.Table)))))
        called = {node.name for node in tree.find_all(exp.Anonymous) if node.name.startswith("evcollab_")}
        for ordered in tree.find_all(exp.Ordered) if self.dialect != "duckdb" else ():
            ordered.set("nulls_first", not ordered.args.get("desc"))  # no text is NULL: say nothing of it
        rewrites = _REWRITES.get(self.dialect, {})
        for node in reversed(list(tree.walk())):  # the innermost first
            if node.key in rewrites and (new := rewrites[node.key](node)) is not node:
                node.replace(new)
        return tree.sql(self.dialect, identify=True), views, frozenset(called)

    def _written_out(self, tree: Any) -> Any:
        """A statement with what its calls of macros stand for, the innermost first."""
        for call in reversed(list(tree.find_all(exp.Anonymous))):
            if call.name.lower() in self._macros:
                parameters, body = self._macros[call.name.lower()]
                given = dict(zip(parameters, call.expressions, strict=True))
                body = exp.paren(body.copy())
                for column in list(body.find_all(exp.Column)):
                    if not column.table and column.name in given:
                        column.replace(exp.paren(given[column.name].copy()))
                call.replace(body)
        return tree

    def _renamed(self, table: Any) -> str | None:
        """Give a table the name of its view, and return it; None if it is named within the statement."""
        is_standard = not table.db and table.name in self._standard
        if not is_standard and table.db not in ("file", "derived", "export"):
            return None
        kind = {"file": "text_", "derived": "derived_", "export": ""}.get(table.db, "text_")
        if not table.alias and not table.args.get("pivots"):
            table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
        table.set("this", exp.to_identifier(kind + table.name))
        table.set("db", None)
        return str(table.name) if kind else None


# Patterns


def java(pattern: str) -> str:
    """A pattern of RE2 in the notation of Java, which Spark runs."""
    said = {"\\s": "[\\t\\n\\f\\r ]", "\\b": _EDGE, "$": "\\z", "(?i)": "(?iu)", "{": "\\{"}
    in_class = {"\\s": "\\t\\n\\f\\r ", "[": "\\[", "&": "\\&"}

    def of_class(match: re.Match[str]) -> str:
        return in_class.get(match[0]) or _script(match[0])

    def of_token(match: re.Match[str]) -> str:
        token = match[0]
        if token[0] == "[":
            return "[" + _IN_CLASS.sub(of_class, token[1:])
        return said.get(token) or _script(token)

    return "(?d)" + _TOKEN.sub(of_token, pattern)  # (?d): a dot is anything but a line feed


def _script(token: str) -> str:
    return f"{token[:3]}Is{token[3:]}" if token[:3] in ("\\p{", "\\P{") and len(token) > 5 else token


def one_group(pattern: str, group: int) -> str:
    """A pattern of RE2 that captures one of its groups only, or the whole (0)."""
    seen = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal seen
        if match[1]:
            return match[1]
        seen += 1
        return "(" if seen == group else "(?:"

    return _CAPTURING.sub(keep, pattern)


def _pattern(node: Any, change: Callable[[str], str]) -> Any:
    """A node with its pattern, its second argument, changed."""
    literal = node.args["expression"]
    node.set("expression", exp.Literal.string(change(literal.name)))
    return node


def _full(change: Callable[[str], str]) -> Callable[[Any], Any]:
    def rewrite(node: Any) -> Any:
        like = exp.RegexpLike(this=node.this, expression=node.expression)
        return _pattern(like, lambda pattern: change(f"\\A(?:{pattern})\\z"))

    return rewrite


def _replaced(node: Any, change: Callable[[str], str]) -> Any:
    modifiers = node.args.get("modifiers")
    if modifiers is None and not node.expression.name.startswith(("^", "(?i)^")):
        raise ValueError(f"regexp_replace of the first only has no counterpart: {node.sql('duckdb')}")
    node.set("modifiers", None)
    return _pattern(node, change)


# What each engine says in another way; `key` is sqlglot's name of a kind of expression


def _length(node: Any, name: str) -> Any:
    return exp.Anonymous(this=name, expressions=node.expressions) if node.name.lower() == "strlen" else node


def _extracted_by_bigquery(node: Any) -> Any:
    group = node.args.get("group")
    number = int(group.name) if group is not None else 0
    _pattern(node, lambda pattern: one_group(pattern, number))
    node.set("group", None)
    return exp.func("coalesce", node.copy(), exp.Literal.string(""))


def _contained(node: Any) -> Any:
    return exp.GT(this=exp.StrPosition(this=node.this, substr=node.expression), expression=exp.Literal.number(0))


def _joined(node: Any) -> Any:
    separator, *parts = node.expressions
    return exp.Anonymous(this="ARRAY_TO_STRING", expressions=[exp.Array(expressions=parts), separator])


def _distinct(node: Any) -> Any:
    query = f"ARRAY(SELECT DISTINCT item FROM UNNEST({node.this.sql('bigquery')}) AS item)"
    return exp.maybe_parse(query, dialect="bigquery")


def _part(node: Any) -> Any:
    split = exp.Split(this=node.this, expression=node.args["delimiter"])
    index = int(node.args["part_index"].name) - 1
    return exp.func(
        "coalesce",
        exp.maybe_parse(f"{split.sql('bigquery')}[SAFE_OFFSET({index})]", dialect="bigquery"),
        exp.Literal.string(""),
    )


_REWRITES: dict[str, dict[str, Callable[[Any], Any]]] = {
    "spark": {
        **dict.fromkeys(("regexplike", "regexpextract", "regexpextractall"), lambda node: _pattern(node, java)),
        "regexpfullmatch": _full(java),
        "regexpreplace": lambda node: _replaced(node, java),
        "anonymous": lambda node: _length(node, "OCTET_LENGTH"),
    },
    "bigquery": {
        "create": lambda node: node.set("kind", "TABLE") or node,
        "regexpfullmatch": _full(str),
        "regexpextract": _extracted_by_bigquery,
        "regexpreplace": lambda node: _replaced(node, str),
        "anonymous": lambda node: _length(node, "BYTE_LENGTH"),
        "arraydistinct": _distinct,
        "contains": _contained,
        "concatws": _joined,
        "splitpart": _part,
    },
}
