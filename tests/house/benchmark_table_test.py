# SPDX-License-Identifier: MIT
"""The benchmarks' page has a row for every task; its pictures a bar for every ratio and a curve for
every measurement."""

import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

from violating_tree import TOOLS

MEASURED = {
    "machine": "Some & processor", "instructions": ["avx2", "amx_bf16"], "threads": 2, "rounds": 3,
    "peers": {"torch": "2.0", "captum": "0.9"}, "commit": "abc1234", "installed_mib": 48.9,
    "peer_installed_mib": 6142,
    "results": [
        {"task": "ig/bert", "seconds": 0.9, "peer_seconds": 1.35, "ratio": 1.5, "ratio_min": 1.4,
         "ratio_max": 1.6, "reach": 1.25, "difference": 2e-5, "memory_mib": 900,
         "peer_memory_mib": 2000,
         "bf16": {"ratio": 4.0, "ratio_min": 3.5, "ratio_max": 4.5, "reach": 4.5,
                  "deviation": 0.012},
         "bf16x3": {"ratio": 2.0, "ratio_min": 1.9, "ratio_max": 2.1, "reach": 1.25,
                    "deviation": 3.4e-5}},
        {"task": "cold", "seconds": 0.1, "peer_seconds": 12.0, "ratio": 120.0, "ratio_min": 110.0,
         "ratio_max": 130.0, "reach": 100, "difference": None}]}
SCALE = {"curves": [{"name": "integrated_gradients, steps", "axis": "steps", "law": "linear",
                     "points": [{"x": 10, "seconds": 0.2, "law": 0.2},
                                {"x": 20, "seconds": 0.41, "law": 0.4}]}]}
SVG = "{http://www.w3.org/2000/svg}"


class Benchmarks(unittest.TestCase):
    def written(self, script, *made):
        """What a script of bench/ writes, file by file."""
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "results.json").write_text(json.dumps(MEASURED), "utf8")
            (folder / "scale.json").write_text(json.dumps(SCALE), "utf8")
            subprocess.run([sys.executable, "-B", TOOLS.parent / "bench" / script,
                            folder / "results.json", folder / "scale.json", "--docs", folder],
                           check=True)
            return [(folder / each).read_text("utf8") for each in made]

    def test_page(self):
        [page] = self.written("table.py", "benchmarks.md")
        self.assertIn("| ig/bert | 0.900 | 1.350 | 1.50 (1.40 to 1.60) | 2e-05 "
                      "| 2.00 (1.90 to 2.10) | 3e-05 | 4.00 (3.50 to 4.50) | 1.2 % "
                      "| 900 / 2,000 |", page)
        self.assertIn("| cold | 0.100 | 12.000 | 120.00 (110.00 to 130.00) |  |  |  |  |  |  |", page)
        self.assertIn("| 20 | 0.410 | 0.400 |", page)
        self.assertIn("48.9 MiB, the peers' packages 6,142 MiB", page)

    @unittest.skipUnless(importlib.util.find_spec("matplotlib"), "matplotlib is not installed")
    def test_pictures(self):
        bars, curves = map(xml.etree.ElementTree.fromstring, self.written(
            "pictures.py", "images/benchmarks.svg", "images/scale.svg"))
        drawn = [group for group in bars.iter(SVG + "g") if " at " in group.get("id", "")]
        self.assertEqual(len(drawn), 4)
        bars, curves = ({text.text.strip() for text in picture.iter(SVG + "text")}
                        for picture in (bars, curves))
        self.assertLessEqual({"ig/bert", "cold", "fp32", "bf16", "bf16x3", "1.5", "2.0", "4.0",
                              "120.0"}, bars)
        self.assertLessEqual({"steps", "linear", "measured", "10", "20"}, curves)


if __name__ == "__main__":
    unittest.main()
