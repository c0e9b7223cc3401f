"""Rows as CSV, for spreadsheets: none of them takes a cell for a formula."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime

# A spreadsheet would take such a cell for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_rows(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([[plain(cell) for cell in row] for row in rows])
    return text.getvalue()


def plain(cell: object) -> str:
    text = cell.isoformat() if isinstance(cell, datetime) else "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text
