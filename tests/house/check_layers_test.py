# SPDX-License-Identifier: MIT
"""The direction of the rooms is really checked."""

import unittest

from violating_tree import TOOLS, TreeTest

import check_layers


class CheckLayers(TreeTest):
    def clean(self, path, text):
        self.assert_clean(check_layers.check, {path: text})

    def one(self, path, text, *parts):
        self.assert_one(check_layers.check, {path: text}, path, *parts)

    def test_a_room_may_include_rooms_below(self):
        self.clean("ascribo/ops/a.cpp", '#include "ascribo/graph/b.h"\n#include <vector>\n')

    def test_a_room_may_not_include_rooms_above(self):
        self.one("ascribo/ops/a.cpp", '#include "ascribo/models/b.h"\n', ":1:", "ops may not")

    def test_models_never_see_text(self):
        self.one("ascribo/models/arch/a.cpp", '#include "ascribo/text/b.h"\n', "models may not")

    def test_render_sees_the_explanation_and_base_only(self):
        self.clean("ascribo/render/a.cpp", '#include "ascribo/explain/explanation.h"\n')
        self.one("ascribo/render/a.cpp", '#include "ascribo/explain/subject.h"\n', "render may not")
        self.one("ascribo/render/a.cpp", '#include "ascribo/io/npy.h"\n', "render may not")

    def test_a_new_room_must_be_in_the_table(self):
        self.one("ascribo/cellar/a.cpp", '#include "ascribo/base/b.h"\n', "not in the table")

    def test_doors_see_the_public_header_only(self):
        for door in ("apps/cli", "docs/examples", "tests/install"):
            self.clean(f"{door}/a.cpp", '#include "ascribo/ascribo.h"\n#include "own.h"\n')
            self.one(f"{door}/a.cpp", '#include "ascribo/base/error.h"\n', "a door sees")

    def test_our_headers_are_quoted(self):
        self.one("ascribo/ops/a.cpp", "#include <ascribo/base/error.h>\n", "with quotes")

    def test_only_ops_includes_onednn(self):
        for name in ("dnnl.hpp", "oneapi/dnnl/dnnl.hpp", "dnnl_version.h"):
            self.clean("ascribo/ops/linear.cpp", f"#include <{name}>\n")
            self.one("ascribo/models/a.cpp", f"#include <{name}>\n", "ascribo/ops/*")

    def test_json_libraries_stay_behind_base_json(self):
        self.clean("ascribo/base/json.cpp", "#include <simdjson.h>\n")
        self.clean("ascribo/base/json_writer.cpp", "#include <nlohmann/json.hpp>\n")
        self.one("ascribo/base/json.h", "#include <simdjson.h>\n", "simdjson.h is for")
        self.one("apps/cli/a.cpp", "#include <nlohmann/json.hpp>\n", "nlohmann/json.hpp is for")

    def test_only_io_opens_files(self):
        for text in ("#include <fstream>\n", "#include <fcntl.h>\n", 'auto f = fopen("a", "r");\n',
                     "std::ifstream in(path);\n", "int f = ::open(path, 0);\n"):
            self.clean("ascribo/io/a.cpp", text)
            self.clean("ascribo/base/mapped_file.cpp", text)
            self.one("ascribo/text/a.cpp", text, "open")
            self.one("apps/cli/a.cpp", text, "open")

    def test_opening_models_is_not_opening_files(self):
        self.clean("ascribo/explain/a.cpp", "auto m = Model::open(folder); // not fopen(x)\n"
                                            'auto t = "fopen(";\n')

    def test_headers_do_not_include_each_other_in_a_circle(self):
        tree = {"ascribo/io/a.h": '#include "ascribo/io/b.h"\n',
                "ascribo/io/b.h": '#include "ascribo/io/a.h"\n'}
        self.assert_one(check_layers.check, tree, "ascribo/io/a.h -> ascribo/io/b.h")

    def test_public_headers_need_no_library(self):
        tree = {"ascribo/ascribo.h": '#include "ascribo/ops/a.h"\n'}
        line = "#include <hwy/highway.h>\n"
        self.clean("ascribo/ops/a.h", line)
        self.assert_one(check_layers.check, {**tree, "ascribo/ops/a.h": line}, "public header")

    def test_the_rooms_of_the_build_are_the_rooms_of_the_table(self):
        rooms = (TOOLS.parent / "CMakeLists.txt").read_text(encoding="utf-8")
        for line in rooms.splitlines():
            if line.startswith("ascribo_room("):
                self.assertIn(line.split("(")[1].split()[0].rstrip(")"), check_layers.ROOMS)


if __name__ == "__main__":
    unittest.main()
