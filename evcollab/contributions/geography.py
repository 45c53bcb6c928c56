"""Countries and subdivisions by code or by any name."""

from __future__ import annotations

import difflib
from collections.abc import Callable

from evcollab import names
from evcollab.errors import needed
from evcollab.register import Register


def country(register: Register, text: str) -> str:
    """The code of the country that a text means: its code in any notation, its name, short name or an alias.

    Raises:
        ValueError: it means none or several; the message says which are near.
    """
    found = register.named("countries", text)
    if len(found) == 1:
        return found[0]["country_code"]
    if found:
        options = " or ".join(f"{row['country_code']} ({row['name']})" for row in found)
        raise ValueError(f"{text!r} may be {options}: use the code")
    known = register.records("countries").by_name
    near = difflib.get_close_matches(names.key(text), known, n=3, cutoff=0.75)
    options = " or ".join(dict.fromkeys(f"{row['country_code']} ({row['name']})" for key in near for row in known[key]))
    hint = f"; did you mean {options}?" if options else "; see the table countries"
    raise ValueError(f"{text!r} is not the code (ISO 3166-1, three letters) or name of a country{hint}")


def subdivision(register: Register, text: str) -> str:
    """The code of the subdivision that a text means. One of ISO 3166-2 that the register lacks is entered into it.

    Raises:
        ValueError: it means none or several.
        MissingExtraError: the extra `contribute` is not installed, and the register does not have it.
    """
    found = register.named("subdivisions", text)
    if len(found) == 1:
        return found[0]["subdivision_code"]
    if found:
        raise ValueError(f"{text!r} may be {' or '.join(row['subdivision_code'] for row in found)}: use the code")
    iso = needed("pycountry", "entering a new subdivision", "contribute").subdivisions
    if (known := iso.get(code=text.upper())) is None:
        raise ValueError(f"{text!r} is not the code of a subdivision (ISO 3166-2), such as US-CA")
    cells = {"country_code": country(register, known.country_code), "name": known.name}
    register.records("subdivisions").add({"subdivision_code": known.code, **cells})
    return str(known.code)


PLACES: dict[str, Callable[[Register, str], str]] = {"countries": country, "subdivisions": subdivision}
"""Table of places → the function that finds one."""
