"""From a contribution document to rows: canonical formatting, adding, and telling what changed."""
