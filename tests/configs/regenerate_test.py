#!/usr/bin/python3
"""scripts/make_ascend_configs.py writes the committed files, byte for byte.

    regenerate_test.py ROOT

Exits with 77, which ctest shows as skipped, where the collected facts it reads (KEEL_SHARED, else
../shared) are not there.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77


def written_files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for part in ("ascend", "soc") for path in sorted((folder / part).glob("*.json"))}


def main(root):
    shared = Path(os.environ.get("KEEL_SHARED", root.parent / "shared"))
    if not (shared / "ascend/soc_params.json").exists():
        print(f"skipped: no facts in {shared}")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-B", root / "scripts/make_ascend_configs.py", shared,
                        folder], check=True, stdout=subprocess.DEVNULL)
        made, committed = written_files(Path(folder)), written_files(root / "configs")
    different = [name for name in sorted(made.keys() | committed.keys())
                 if made.get(name) != committed.get(name)]
    for name in different:
        print(f"{root / 'configs' / name}: not what scripts/make_ascend_configs.py writes")
    if different:
        print("  fix: change the script, run it, commit what it writes")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
