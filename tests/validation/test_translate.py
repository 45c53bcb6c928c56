"""The rules in the SQL of other engines find what validation finds."""

from __future__ import annotations

import csv
import dataclasses
import os
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot

import evcollab
from evcollab.cli import main
from evcollab.exports import export
from evcollab.package import examine
from evcollab.validation import run
from evcollab.validation.asking import answer
from evcollab.validation.catalogue import RULES, Rule
from evcollab.validation.dialects import java, one_group
from evcollab.validation.engine import Engine
from evcollab.validation.found import Found
from evcollab.validation.translate import Translation, translate
from tests.conftest import some
from tests.validation import corpus, packages

Findings = Counter[tuple[str, ...]]
Tables = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
PACKAGE = dataclasses.replace(packages.SHIPPED, descriptor={**packages.SHIPPED.descriptor, "name": "example-register"})
ROOT = Path(__file__).parent.parent.parent
REQUIRED = os.environ.get("EVCOLLAB_SPARK") == "required"
ON_TYPES = {
    *("cell-required", "cell-pattern", "cell-length", "cell-category", "cell-range", "list-unknown-item"),
    *("list-duplicate-item", "key-duplicate", "key-incomplete", "value-not-unique", "reference-unknown"),
}
TRANSLATED = [rule for rule in RULES.values() if rule.queries or rule.id in ON_TYPES]
EACH = pytest.mark.parametrize("rule", some(TRANSLATED, 18), ids=lambda rule: rule.id)
WORDED_IN_PYTHON = {"cell-category", "list-unknown-item", "list-duplicate-item"}


def found_by_validation(folder: Path, rules: set[str]) -> tuple[Findings, Tables]:
    """What the questions of some rules find (rule, table, record, column, value, message), and the tables as text."""
    read, _ = examine(folder)
    assert read is not None
    found: Findings = Counter()
    with Engine() as engine:
        asked = run.load(engine, read, {}, packages.TODAY, Found())
        asked = [one for one in [*asked, *run.questions(engine)] if one[0] in rules]
        for number, hits in answer(engine, [query for _, query in asked]):
            rule, query = asked[number]
            general = RULES[rule].summary if (query.on and query.say) or rule in WORDED_IN_PYTHON else None
            found.update((rule, query.table, hit.key, query.column, hit.value, general or hit.message) for hit in hits)
        tables = {
            name: ([*loaded.schema.fields, "_line", "_key"], engine.run(f'SELECT * FROM file."{name}"'))
            for name, loaded in engine.tables.items()
        }
    return found, tables


class Spark:
    """A session of Spark in which the views are made once, and the tables below them change."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.work = translate(PACKAGE, "spark", packages.TODAY)
        self.held: dict[str, Any] = {}
        for function in self.work.functions:
            session.udf.register(function.name, function.call, function.returns)

    def show(self, tables: Tables) -> None:
        """Show tables of text to the views."""
        import pyarrow as pa

        for name, table in tables.items():
            if self.held.get(f"text_{name}") != table:
                kinds = pa.schema([(column, pa.int64() if column == "_line" else pa.string()) for column in table[0]])
                rows = [dict(zip(table[0], row, strict=True)) for row in table[1]]
                frame = self.session.createDataFrame(pa.Table.from_pylist(rows, kinds))
                frame.createOrReplaceTempView(f"text_{name}")
                self.held[f"text_{name}"] = table

    def found(self, rules: set[str]) -> Findings:
        """What the queries of some rules find."""
        found: Findings = Counter()
        for rule in rules:
            for view in self.work.views:
                if view in self.work.rules[rule].views and view not in self.held:
                    self.session.sql(self.work.views[view].sql)
                    self.held[view] = None
            for row in self.session.sql(self.work.rules[rule].sql).collect():
                assert row[1] == RULES[rule].severity
                found[(row[0], *row[2:])] += 1
        return found


@pytest.fixture(scope="session")
def spark() -> Iterator[Spark]:
    if not REQUIRED:
        pytest.importorskip("pyspark")
        if not shutil.which("java"):
            pytest.skip("there is no Java")
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    made = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.default.parallelism", "1")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.sql.codegen.wholeStage", "false")  # to compile takes longer than to run
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    made.sparkContext.setLogLevel("OFF")
    yield Spark(made)
    made.stop()


@pytest.mark.parametrize("rule", some(TRANSLATED, 100), ids=lambda rule: rule.id)
def test_spark_finds_the_bad_example_of_a_rule(spark: Spark, rule: Rule, tmp_path: Path) -> None:
    expected, tables = found_by_validation(packages.example(tmp_path, rule.bad), {rule.id})
    spark.show(tables)
    assert expected
    assert spark.found({rule.id}) == expected


def test_the_spark_examples_of_the_page_run(spark: Spark, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    reading, asking = [
        part.split("```")[0] for part in page.split("<!-- tested -->\n```python\n")[1:] if "spark.sql" in part
    ]
    register = evcollab.load(packages.example(tmp_path / "register", RULES["event-end-before-start"].bad))
    export(register, "parquet", tmp_path / "parquet")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(reading + asking, names)
    spark.held.clear()  # the views read other tables now
    assert [row.events for row in names["years"]] == [1, 1]
    assert names["topics"]
    assert [row.record for row in names["found"]["event-end-before-start"]] == ["lao-forum-2023"]
    assert names["found"]["currency-unknown"] == []
    for table in register.tables:
        shown = {tuple(row)[:-2] for row in names["spark"].table(f"text_{table}").collect()}
        assert shown == set(cells(tmp_path / "register", table))


def cells(folder: Path, table: str) -> list[tuple[str, ...]]:
    """The rows of a CSV file."""
    with (folder / packages.SHIPPED.files[table]).open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in list(csv.reader(file))[1:]]


# DuckDB, whose SQL is written out too, without macros


@pytest.fixture(scope="module")
def written() -> Translation:
    return translate(PACKAGE, "duckdb", packages.TODAY)


def found_by_duckdb(written: Translation, tables: Tables, rules: set[str]) -> Findings:
    found: Findings = Counter()
    with duckdb.connect() as database:
        for function in written.functions:
            returned = {"string": "VARCHAR", "boolean": "BOOLEAN"}[function.returns]
            texts = ["VARCHAR"] * function.parameters
            database.create_function(function.name, function.call, texts, returned, null_handling="special")  # type: ignore[arg-type]
        for name, (columns, rows) in tables.items():
            kinds = ", ".join(f'"{column}" {"BIGINT" if column == "_line" else "VARCHAR"}' for column in columns)
            database.execute(f"CREATE TABLE text_{name} ({kinds})")
            if rows:
                database.executemany(f"INSERT INTO text_{name} VALUES ({', '.join('?' * len(columns))})", rows)
        needed = {view for rule in rules for view in written.rules[rule].views}
        for name, view in written.views.items():
            if name in needed and not name.startswith("text_"):
                database.execute(view.sql)
        for rule in rules:
            found.update((row[0], *row[2:]) for row in database.execute(written.rules[rule].sql).fetchall())
    return found


@EACH
def test_the_written_query_of_a_rule_finds_its_bad_example(written: Translation, rule: Rule, tmp_path: Path) -> None:
    expected, tables = found_by_validation(packages.example(tmp_path, rule.bad), {rule.id})
    assert found_by_duckdb(written, tables, {rule.id}) == expected


@pytest.mark.parametrize("number", some(range(0, corpus.EDITED, 15), 3))
def test_all_written_queries_find_in_a_broken_register_what_validation_finds(
    written: Translation, number: int, tmp_path: Path
) -> None:
    packages.write(tmp_path, corpus.load()["registers"][f"edited {number}"])
    expected, tables = found_by_validation(tmp_path, set(written.rules))
    assert found_by_duckdb(written, tables, set(written.rules)) == expected


def test_an_exported_table_as_text_is_the_csv_file(ds: evcollab.Dataset, written: Translation) -> None:
    with duckdb.connect() as database:
        for table in ds.tables:
            database.register(table, ds.to_arrow(table))
            database.execute(written.views[f"text_{table}"].sql)
            shown = database.execute(f"SELECT * FROM text_{table}").fetchall()
            assert [row[:-2] for row in shown] == cells(ROOT, table)


# What is written


def test_every_rule_is_translated_or_listed(written: Translation) -> None:
    assert list(written.rules) == [rule.id for rule in TRANSLATED]
    assert {*written.rules, *written.left_out} == set(RULES)


@pytest.fixture(scope="module")
def bigquery() -> Translation:
    return translate(PACKAGE, "bigquery")


def test_every_statement_for_bigquery_is_bigquery_as_sqlglot_knows_it(bigquery: Translation) -> None:
    for statement in [*bigquery.views.values(), *bigquery.rules.values()]:
        tree = sqlglot.parse_one(statement.sql, read="bigquery")
        unknown = [node.name for node in tree.find_all(sqlglot.exp.Anonymous) if node.name != "ARRAY_TO_STRING"]
        assert not unknown
        assert not [join for join in tree.find_all(sqlglot.exp.Join) if join.kind in ("SEMI", "ANTI")]


def test_the_page_lists_what_is_left_out(bigquery: Translation) -> None:
    page = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    rows = page.split("| rules | why no query asks for them |\n|---|---|\n")[1].split("\n\n")[0]
    named = [rule for row in rows.splitlines() for rule in re.findall(r"`([a-z-]+)`", row.split(" | ")[0])]
    assert sorted(named) == sorted(bigquery.left_out)


def test_a_register_without_most_tables_has_its_rules_written_too(tmp_path: Path) -> None:
    read, _ = examine(packages.write(tmp_path, packages.base()))
    assert read is not None
    kept = {"organisations": read.files["organisations"]}
    work = translate(dataclasses.replace(read, files=kept), "duckdb", packages.TODAY)
    assert "organisation-parent-cycle" in work.rules
    assert work.left_out["event-end-before-start"] == "the package has none of its tables"
    with duckdb.connect() as database:
        database.register("organisations", evcollab.load(tmp_path).to_arrow("organisations"))
        for function in work.functions:
            returned = {"string": "VARCHAR", "boolean": "BOOLEAN"}[function.returns]
            database.create_function(function.name, function.call, ["VARCHAR"] * function.parameters, returned)  # type: ignore[arg-type]
        for view in work.views.values():
            database.execute(view.sql)
        assert not [
            row for query in work.rules.values() for row in database.execute(query.sql).fetchall() if row[1] == "error"
        ]


def test_the_command_writes_one_rule_with_the_views_that_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "event-end-before-start", "--sql", "spark"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("`")[1] for line in lines if line.startswith("CREATE")] == ["text_events"]
    assert len([line for line in lines if line.startswith("SELECT 'event-end-before-start'")]) == 1


def test_the_command_says_why_a_rule_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "file-bom", "--sql"]) == 0
    assert "-- file-bom: it reads the bytes of CSV files, and Parquet has none" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"a$", r"(?d)a\z"),
        (r"(?i)[[&&x]{", r"(?d)(?iu)[\[\&\&x]\{"),
        (r"\p{Han}[\p{Lao}\s]\s{2}", r"(?d)\p{IsHan}[\p{IsLao}\t\n\f\r ][\t\n\f\r ]{2}"),
    ],
)
def test_a_pattern_is_said_as_java_wants_it(pattern: str, said: str) -> None:
    assert java(pattern) == said


def test_a_pattern_keeps_one_group() -> None:
    assert one_group(r"(a)[(](b)\((?:c)", 2) == r"(?:a)[(](b)\((?:c)"
