# SPDX-License-Identifier: MIT
"""Empty names, missing first lines and loose ends are really found."""

import unittest

from violating_tree import LICENCE, TreeTest

import check_words

GOOD = LICENCE + "// Says what it is.\n"


class CheckWords(TreeTest):
    def one(self, path, text, *parts):
        self.assert_one(check_words.check, {path: text}, path, *parts)

    def test_a_proper_file_passes(self):
        self.assert_clean(check_words.check, {
            "ascribo/io/a.cpp": GOOD, "ascribo/io/a.h": GOOD + "#pragma once\n",
            "tools/a.py": "# SPDX-License-Identifier: MIT\n",
            "scripts/a": "#!/bin/sh\n# SPDX-License-Identifier: MIT\n"})

    def test_the_first_line_is_the_licence(self):
        self.one("ascribo/io/a.cpp", "// Says what it is.\n", ":1:")
        self.one("tools/a.py", "import os\n", "SPDX")
        self.one("scripts/a", "#!/bin/sh\necho\n", "SPDX")

    def test_the_second_line_says_what_the_file_is(self):
        self.one("ascribo/io/a.cpp", LICENCE + "#include <vector>\n", ":2:")
        self.one("ascribo/io/a.cpp", LICENCE + "// no sentence\nint a;\n", "sentence")

    def test_headers_are_included_once(self):
        self.one("ascribo/io/a.h", GOOD, "#pragma once")

    def test_names_say_something(self):
        for path in ("ascribo/io/utils.cpp", "ascribo/io/common.cpp", "tests/io/helper.cpp"):
            self.one(path, GOOD, "says nothing")
        self.one("ascribo/misc/a.cpp", GOOD, "says nothing")
        self.assert_clean(check_words.check, {"ascribo/io/common_crawl.cpp": GOOD})

    def test_nothing_is_left_open(self):
        self.one("ascribo/io/a.cpp", GOOD + "// TO" + "DO: later\n", ":3:", "unfinished")

    def test_no_path_of_one_machine(self):
        self.one("docs/a.md", "look in /ho" + "me/me/x\n", "one machine")
        self.assert_clean(check_words.check, {"docs/a.md": "$PWD/work/x and ./root/x\n"})

    def test_no_registry_host(self):
        self.one("scripts/a", "#!/bin/sh\n# SPDX-License-Identifier: MIT\ncurl https://py" +
                 "pi.org/x\n", "registry")

    def test_data_is_not_read(self):
        self.assert_clean(check_words.check, {"tests/golden/a.md": "/ho" + "me/me/x\n"})


if __name__ == "__main__":
    unittest.main()
