"""The rules in the SQL of other engines find what validation finds."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evcollab.issues import Issue
from evcollab.package import examine
from evcollab.validation import run
from evcollab.validation.catalogue import RULES, Rule
from evcollab.validation.engine import Engine
from evcollab.validation.found import Found
from evcollab.validation.translate import Translation, translate
from tests.validation import packages

Findings = Counter[tuple[str, ...]]
Tables = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
REQUIRED = os.environ.get("EVCOLLAB_SPARK") == "required"


def found_by_validation(folder: Path, rules: set[str]) -> tuple[Findings, Tables]:
    """What the questions of some rules find (rule, table, record, column, value, message), and the tables as text."""
    read, _ = examine(folder)
    assert read is not None
    found: Findings = Counter()
    with Engine() as engine:
        asked = run.load(engine, read, {}, packages.TODAY, Found())
        asked = [one for one in [*asked, *run.questions(engine)] if one[0] in rules]
        for number, hits in engine.answer([query for _, query in asked]):
            rule, query = asked[number]
            said = (lambda hit: RULES[rule].summary) if query.say and query.on else (lambda hit: hit.message)  # noqa: B023
            found.update((rule, query.table, hit.key, query.column, hit.value, said(hit)) for hit in hits)
        tables = {
            name: ([*loaded.schema.fields, "_line", "_key"], engine.run(f'SELECT * FROM file."{name}"'))
            for name, loaded in engine.tables.items()
        }
    return found, tables


class Spark:
    """A session of Spark in which the views are made once, and the tables below them change."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.work = translate(packages.SHIPPED, "spark", packages.TODAY)
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


TRANSLATED = sorted(translate(packages.SHIPPED, "spark", packages.TODAY).rules)


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.id in TRANSLATED], ids=lambda rule: rule.id)
def test_spark_finds_the_bad_example_of_a_rule(spark: Spark, rule: Rule, tmp_path: Path) -> None:
    expected, tables = found_by_validation(packages.example(tmp_path, rule.bad), {rule.id})
    spark.show(tables)
    assert expected
    assert spark.found({rule.id}) == expected
