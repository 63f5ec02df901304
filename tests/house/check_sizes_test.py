# SPDX-License-Identifier: MIT
"""Large files, functions and folders are really found, and waivers hold and lapse."""

import unittest

from violating_tree import LICENCE, TreeTest

import check_sizes


def function(name, lines):
    return f"int {name}(int a) {{\n" + "  a += 1;\n" * (lines - 3) + "  return a;\n}\n"


class CheckSizes(TreeTest):
    def one(self, tree, *parts):
        self.assert_one(check_sizes.check, tree, *parts)

    def test_files_at_their_budget_pass(self):
        self.assert_clean(check_sizes.check, {"ascribo/io/a.h": "\n" * 250,
                                              "ascribo/io/a.cpp": "\n" * 400,
                                              "tests/io/a_test.cpp": "\n" * 400})

    def test_files_over_their_budget_are_named(self):
        self.one({"ascribo/io/a.h": "\n" * 251}, "ascribo/io/a.h: 251 lines, at most 250")
        self.one({"ascribo/io/a.cpp": "\n" * 401}, "ascribo/io/a.cpp: 401 lines, at most 400")
        self.one({"tests/io/a_test.cpp": "\n" * 401}, "401")
        self.one({"tools/a.py": "\n" * 401}, "tools/a.py: 401")

    def test_long_functions_are_named(self):
        self.assert_clean(check_sizes.check, {"ascribo/io/a.cpp": function("short_one", 60)})
        self.one({"ascribo/io/a.cpp": function("long_one", 61)}, "a.cpp:long_one: 61 lines")

    def test_functions_are_found_inside_scopes(self):
        text = "namespace a {\nclass B : public C {\n" + function("inner", 70) + "};\n}\n"
        self.one({"ascribo/io/a.cpp": text}, "a.cpp:inner: 70 lines")

    def test_tables_scopes_and_strings_are_no_functions(self):
        text = ("constexpr int kTable[] = {\n" + "  1,\n" * 90 + "};\n"
                "namespace x {\n" + "int a;\n" * 90 + "}\n"
                'auto s = "void f() {";\n// void g() {\n')
        self.assert_clean(check_sizes.check, {"ascribo/io/a.cpp": LICENCE + text})

    def test_functions_with_struct_in_their_signature_count(self):
        text = "struct A f(struct B b) {\n" + "  b;\n" * 70 + "}\n"
        self.one({"ascribo/io/a.cpp": text}, "a.cpp:f: 72 lines")

    def test_a_room_with_too_many_files_is_named(self):
        tree = {f"ascribo/ops/f{n}.h": "" for n in range(41)}
        self.one(tree, "ascribo/ops/: 41 files, at most 40")

    def test_the_public_header_stays_small(self):
        text = "".join(f'#include "ascribo/a{n}.h"\n' for n in range(13))
        self.one({"ascribo/ascribo.h": text}, "includes of ascribo/ascribo.h: 13, at most 12")

    def test_contributing_is_one_page(self):
        self.one({"CONTRIBUTING.md": "\n" * 61}, "CONTRIBUTING.md: 61")

    def test_a_waiver_allows_up_to_its_size(self):
        waiver = "# comment\n300 | ascribo/io/a.h | generated from a standard\n"
        self.assert_clean(check_sizes.check,
                          {"ascribo/io/a.h": "\n" * 300, check_sizes.WAIVERS: waiver})
        self.assertEqual(len(self.problems(
            check_sizes.check, {"ascribo/io/a.h": "\n" * 301, check_sizes.WAIVERS: waiver})), 2)

    def test_a_waiver_that_is_not_needed_is_named(self):
        tree = {"ascribo/io/a.h": "\n", check_sizes.WAIVERS: "300 | ascribo/io/a.h | why\n"}
        self.one(tree, "drop the waiver")


if __name__ == "__main__":
    unittest.main()
