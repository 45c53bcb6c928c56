"""Write the findings anew."""

from tests.validation.near import FILE, findings

FILE.write_text("\n".join(findings()) + "\n", encoding="utf-8")
