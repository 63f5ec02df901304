#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Says which tests of a ctest run (JUnit file) were skipped, and why."""

import re
import sys
import xml.etree.ElementTree as ElementTree


def reason(case):
    """What the test itself said, e.g. the text of GTEST_SKIP()."""
    output = case.findtext("system-out") or ""
    match = re.search(r": Skipped\n(.*?)\n?(?:\n|\[  SKIPPED|$)", output, re.S)
    if match and match.group(1).strip():
        return " ".join(match.group(1).split())
    match = re.search(r"skipped[ =:]+['\"]?([^\n]*?)['\"]?$", output, re.M | re.I)
    if match:
        return match.group(1)
    element = case.find("skipped")
    return (element.get("message") or "no reason given") if element is not None else ""


def report(path):
    """Lines that tell the number of skipped tests, by reason."""
    cases = list(ElementTree.parse(path).getroot().iter("testcase"))
    skipped = {}
    for case in cases:
        if case.find("skipped") is not None:
            skipped.setdefault(reason(case), []).append(case.get("name"))
    count = sum(map(len, skipped.values()))
    yield f"{count} of {len(cases)} tests skipped" + (":" if count else ".")
    for why, names in sorted(skipped.items()):
        yield f"  {len(names)}: {why}"
        yield from (f"     {name}" for name in names[:8])
        if len(names) > 8:
            yield f"     and {len(names) - 8} more"


if __name__ == "__main__":
    print("\n".join(report(sys.argv[1])))
