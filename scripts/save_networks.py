#!/usr/bin/python3
"""Writes every public network with a published latency as ONNX, and networks.json that lists them.

    scripts/save_networks.py FOLDER

networks.json is a list of {"file", "network", "family", "model", "batch", "us"}: the published
model the row is of, and the time of one execution on one Ascend310P3 under force_fp16. Rows that
do not count are in left_out.json, a list of {"network", "batch", "reason"}. The measurements are
calibration/model_throughput_310p.json below KEEL_SHARED, else ../shared.

Needs the Debian package python3-onnx.
"""

import argparse
import json
import sys
from pathlib import Path

from networks import measured

ROOT = Path(__file__).resolve().parent.parent


def main():
    """Builds and lists."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, default=measured.data_file(ROOT))
    arguments = parser.parse_args()
    if not arguments.data.exists():
        sys.exit(f"error: no measurements at {arguments.data}\n"
                 "  fix: set KEEL_SHARED, or give --data")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    rows, left_out, built = [], [], set()
    for network, row, reason in measured.matches(measured.load(arguments.data)):
        batch = row["batch"] or 1
        if reason:
            left_out.append({"network": network.name, "batch": batch, "reason": reason})
            continue
        name = f"{network.name}_b{batch}"
        if name not in built:
            network.build(name, batch).save(arguments.folder)
            built.add(name)
        rows.append({"file": f"{name}.onnx", "network": network.name, "family": network.family,
                     "model": row["model"], "batch": batch,
                     "us": 1e3 * measured.milliseconds(row)})
    (arguments.folder / "networks.json").write_text(json.dumps(rows, indent=1) + "\n")
    (arguments.folder / "left_out.json").write_text(json.dumps(left_out, indent=1) + "\n")
    print(f"{len(rows)} rows, {len(built)} networks in {arguments.folder}")


if __name__ == "__main__":
    main()
