# SPDX-License-Identifier: MIT
"""Installs a build below a new prefix and uses it as a stranger would: program, package, model."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ["ASCRIBO_BUILD_DIR"])


def run(*command, **options):
    """The command's standard output; a failure shows everything it said."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command} exited {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.work = pathlib.Path(cls.folder.name)
        # Two steps, as packagers do it: DESTDIR must hold, and the tree may be moved.
        run("cmake", "--install", BUILD, "--prefix", "/usr", env={**os.environ, "DESTDIR": cls.work})
        (cls.work / "usr").rename(cls.work / "moved")
        cls.prefix = cls.work / "moved"
        cls.environment = {k: v for k, v in os.environ.items() if k != "ASCRIBO_MODELS"}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_the_program_finds_the_model_beside_it(self):
        out = run(self.prefix / "bin/ascribo", "explain", "A warm and funny film.", "--json",
                  cwd="/", env=self.environment)
        explanation = json.loads(out)
        self.assertEqual(explanation["schema"], "ascribo.explanation/1")
        self.assertTrue(explanation["model"]["path"].startswith(str(self.prefix / "share")),
                        explanation["model"]["path"])
        self.assertEqual(len(explanation["units"]), 6)

    def test_a_separate_project_builds_and_runs(self):
        build = self.work / "critic"
        configured = run("cmake", "-S", HERE / "project", "-B", build, "-G", "Ninja",
                         f"-DCMAKE_PREFIX_PATH={self.prefix}",
                         "-DCMAKE_BUILD_TYPE=Release",
                         f"-DCMAKE_CXX_FLAGS={os.environ.get('ASCRIBO_CXX_FLAGS', '')}")
        # The libraries underneath are found without their CMake packages.
        self.assertIsNone(re.search(r"simdjson|nlohmann|dnnl", configured), configured)
        run("cmake", "--build", build)
        out = run(build / "critic", cwd="/", env=self.environment)
        self.assertIn("prediction positive", out)

    def test_only_public_headers_are_installed_and_they_are_complete(self):
        include = self.prefix / "include"
        headers = {path.relative_to(include).as_posix() for path in include.rglob("*.h")}
        self.assertIn("ascribo/ascribo.h", headers)
        reached = set()
        for header in headers:
            names = re.findall(r'^#include "([^"]+)"', (include / header).read_text(), re.M)
            self.assertLessEqual(set(names), headers, f"{header} includes what is not installed")
            reached.update(names)
        self.assertEqual(headers, reached | {"ascribo/ascribo.h"})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
