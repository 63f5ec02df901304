# SPDX-License-Identifier: MIT
"""Writes the types of options, for checkers and editors: option_types.py FOLDER-OF-_core FILE.

Run by the build: options are declared once, by what takes them.
"""

import pathlib
import sys

HEAD = '''# SPDX-License-Identifier: MIT
"""Keyword arguments of calls that take options, as the engine declares them; written by the build."""

import os
from collections.abc import Sequence
from typing import Literal, Optional, Union

from typing_extensions import TypedDict
'''


def types_of(option):
    """Python's types for an option."""
    if option["type"] == "flag":
        return ["bool"]
    if option["type"] in ("int", "float"):
        return [option["type"]]
    if option["type"] == "choice":
        return [f"Literal[{', '.join(map(repr, option['choices']))}]"]
    if option["type"] == "list":
        return ["str", "Sequence[Union[str, int, float]]"]
    return ["str", "int", "float", "os.PathLike[str]"]


def class_of(name, doc, options):
    """A TypedDict; options of one name that several have take what any of them takes."""
    known = {}
    for option in options:
        types = known.setdefault(option["name"], [])
        types += [each for each in types_of(option) if each not in types]
    lines = [f"class {name}(TypedDict, total=False):", f'    """{doc}"""', ""]
    lines += [f"    {key}: Optional[Union[{', '.join(types)}]]" for key, types in sorted(known.items())]
    return "\n".join(lines) + "\n"


def main(folder, file):
    sys.path.insert(0, folder)
    import _core

    options = _core.request_options()
    for method in _core.methods():
        options += method["options"]
    classes = [
        class_of("ExplainOptions", "Those of every request and of the methods.", options),
        class_of("GenerationOptions", "Those of writing on.", _core.generation_options()),
        class_of("TrainingOptions", "Those of fine-tuning.",
                 [*_core.training_options(), {"name": "no_dropout", "type": "flag"}]),
    ]
    pathlib.Path(file).write_text("\n\n".join([HEAD, *classes]), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
