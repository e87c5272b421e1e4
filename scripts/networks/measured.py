"""The published measurements, and which network each stands for."""

import json
import os
from pathlib import Path

from networks.table import NETWORKS

FILE = "calibration/model_throughput_310p.json"


def data_file(root):
    """Where the measurements are: below KEEL_SHARED, else ../shared beside the checkout."""
    return Path(os.environ.get("KEEL_SHARED", Path(root).parent / "shared")) / FILE


def load(path):
    """The rows of the file, as dictionaries."""
    return json.loads(Path(path).read_text())["rows"]


def milliseconds(row):
    """Time of one execution. Samples a second are batch / time, also where the table says "fps"."""
    if row["unit"] != "fps":
        raise ValueError(f"a unit of {row['unit']} in a row of {row['model']}")
    return 1e3 * (row["batch"] or 1) / row["throughput"]


def _stands_for(rows, row):
    return row["model"] == rows.model and (
        not rows.only or (row["batch"], row["throughput"]) in rows.only)


def matches(data):
    """Yields (network, row, reason) in the order of the table; `reason` says why the row does not
    count, None if it does."""
    for network in NETWORKS:
        for rows in network.rows:
            for row in data:
                if _stands_for(rows, row):
                    yield network, row, rows.without.get(row["batch"])
