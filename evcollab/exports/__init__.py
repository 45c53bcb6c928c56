"""The data set in the formats of other tools."""

from evcollab.exports.formats import FORMATS, export

__all__ = ["FORMATS", "export"]
