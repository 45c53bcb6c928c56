"""What rules may say in SQL beyond SQL itself. `types.parse` is the authority; a test holds these equal to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from evcollab.package import Schema
from evcollab.validation.catalogue import listed, quoted

DATES = """
CREATE MACRO earliest(t) AS CASE
    WHEN regexp_full_match(t, '[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?') AND left(t, 4) <> '0000'
    THEN try_cast(t || substr('-01-01', length(t) - 3) AS DATE) END;
CREATE MACRO latest(t) AS CASE length(t)
    WHEN 4 THEN (earliest(t) + INTERVAL 1 YEAR)::DATE - 1
    WHEN 7 THEN (earliest(t) + INTERVAL 1 MONTH)::DATE - 1 ELSE earliest(t) END;
CREATE MACRO day_of(t) AS CASE WHEN length(t) = 10 THEN earliest(t) END;
CREATE MACRO whole(t) AS CASE WHEN regexp_full_match(t, '-?[0-9]{1,18}') THEN try_cast(t AS BIGINT) END;
CREATE MACRO number(t) AS CASE
    WHEN regexp_full_match(t, '-?[0-9]+(\\.[0-9]+)?') AND length(translate(t, '-.', '')) <= 15
    THEN try_cast(t AS DOUBLE) END;
CREATE MACRO items(t) AS CASE
    WHEN t <> '' AND NOT regexp_matches(t, '^[ ;]|[ ;]$|;[ ;]| ;')
    THEN string_split(t, ';') ELSE [] END;
CREATE MACRO last_of(first, last) AS CASE WHEN earliest(last) IS NULL THEN first ELSE last END;
CREATE MACRO is_whole(asked) AS coalesce((SELECT bool_or(complete) FROM derived.tables f WHERE f.name = asked), false);
"""


def macros(today: dt.date, schemas: Mapping[str, Schema], name: str, absent: Iterable[str] = ()) -> str:
    """The statements that define the macros.

    They depend on the day that counts as today, on what the schemas say of their codes, on the name of the package, and
    on the standard tables that it does not have.
    """
    tiers = " ".join(
        f"WHEN {quoted(tier)} THEN {rank}" for rank, tier in enumerate(schemas["sources"].fields["tier"].categories, 1)
    )
    units = schemas["policy_targets"].fields["metric"].facts("unit")
    unit_of = " ".join(f"WHEN {quoted(metric)} THEN {quoted(unit)}" for metric, unit in units.items())
    return (
        DATES + f"CREATE MACRO this_day() AS DATE '{today}';\n"
        f"CREATE MACRO tier_of(t) AS CASE t {tiers} ELSE 0 END;\n"
        f"CREATE MACRO unit_of(metric) AS CASE metric {unit_of} END;\n"
        f"CREATE MACRO is_unit(u) AS u IN {listed(sorted(set(units.values())))};\n"
        f"CREATE MACRO implies_presence(r) AS r IN {listed(schemas['participants'].fields['role'].facts('present'))};\n"
        f"CREATE MACRO is_public(k) AS k IN {listed(schemas['organisations'].fields['kind'].facts('public'))};\n"
        f"CREATE MACRO package_name() AS {quoted(name)};\n"
        f"CREATE MACRO is_absent(asked) AS asked IN {listed(['', *absent])} AND asked <> '';\n"
    )
