# SPDX-License-Identifier: MIT
"""Tries the installed wheel, as scripts/wheel has it: try_wheel.py WHEEL."""

import json
import os
import subprocess
import sys
import time

LARGEST = 40e6
SLOWEST_IMPORT = 0.15


def import_time():
    """Seconds of the processor that `import ascribo` takes, the least of a few new processes: what a
    clock says depends on what else the machine does."""
    script = "import time; t = time.process_time(); import ascribo; print(time.process_time() - t)"
    runs = [subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
            for _ in range(5)]
    return min(float(run.stdout) for run in runs)


def main(wheel):
    size, seconds = os.path.getsize(wheel), import_time()
    assert size < LARGEST, f"the wheel has {size / 1e6:.1f} MB"
    assert seconds < SLOWEST_IMPORT, f"import ascribo takes {seconds:.3f} s"
    installed = subprocess.run([sys.executable, "-m", "pip", "list", "--format=json"],
                               capture_output=True, text=True, check=True)
    names = {each["name"] for each in json.loads(installed.stdout)} - {"pip", "setuptools"}
    assert names <= {"ascribo", "ascribo-model", "ascribo_model", "numpy"}, names

    import ascribo

    start = time.perf_counter()
    found = ascribo.load().explain("great movie!", steps=20)
    assert found.prediction.label == "positive" and found.scores.shape == (1, 3)
    program = os.path.join(os.path.dirname(sys.executable), "ascribo")
    ran = subprocess.run([program, "explain", "--steps", "20", "--json", "great movie!"],
                         capture_output=True, text=True, check=True)
    other = ascribo.Explanation.from_json(ran.stdout)
    assert other.scores.tolist() == found.scores.tolist()
    print(f"import {1000 * seconds:.0f} ms; the program and the package agree "
          f"({time.perf_counter() - start:.1f} s)")


if __name__ == "__main__":
    main(sys.argv[1])
