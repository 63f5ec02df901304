# SPDX-License-Identifier: MIT
"""Pages of the site that say what there is to call: of Python from the package's own files and the stub
of its engine, of C++ from the headers that ascribo/ascribo.h brings along."""

import ast
import pathlib
import re

SOURCE = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'#include "(ascribo/[^"]+)"')
ROOMS = ["explain", "metrics", "study", "render", "io", "models", "text", "graph", "tensor", "ops", "base"]


# Python.

def module_tree(stub, name):
    package = SOURCE / "python" / "ascribo"
    path = stub if name == "_core" else package / f"{name}.py"
    return ast.parse(path.read_text(encoding="utf-8"))


def signature(function):
    """A function's head as one writes it, without self."""
    arguments = ast.unparse(function.args)
    arguments = re.sub(r"^(self|cls)(, )?(/, )?", "", arguments)
    returns = f" -> {ast.unparse(function.returns)}" if function.returns else ""
    head = re.sub(r"collections\.abc\.|_core\.|'(?=Unpack)|(?<=])'(?=\))", "", f"{function.name}({arguments}){returns}")
    if len(head) <= 92:
        return head
    return re.sub(r", (?=[*\w]+(:|=|,|\)|$))", ",\n    ", head.replace("(", "(\n    ", 1))


def decorators(node):
    return {ast.unparse(each) for each in node.decorator_list}


def is_shown(node):
    return isinstance(node, (ast.FunctionDef, ast.AnnAssign)) and not member_name(node).startswith("_")


def member_name(node):
    return node.name if isinstance(node, ast.FunctionDef) else ast.unparse(node.target)


def documented(node):
    return (ast.get_docstring(node) or "").replace("<", "&lt;")


def member(node):
    if isinstance(node, ast.AnnAssign):
        return f"`{ast.unparse(node)}`\n"
    doc = documented(node)
    if "property" in decorators(node):
        kind = re.sub(r"collections\.abc\.|_core\.", "", ast.unparse(node.returns)) if node.returns else ""
        return f"`{node.name}`: `{kind}`\n" + (f":   {indented(doc)}\n" if doc else "")
    static = "static " if "staticmethod" in decorators(node) or "classmethod" in decorators(node) else ""
    return f"```python\n{static}{signature(node)}\n```\n\n{doc}\n"


def indented(text):
    return text.replace("\n", "\n    ")


def class_page(node, is_made):
    """is_made: users make one themselves; else it is handed to them."""
    parts = [f"## {node.name}\n", documented(node) + "\n"]
    maker = next((each for each in node.body if getattr(each, "name", "") == "__init__"), None)
    if maker is not None and is_made:
        parts.append(f"```python\n{signature(maker).replace('__init__', node.name, 1)}\n```\n")
    seen = set()
    for each in filter(is_shown, node.body):
        if member_name(each) in seen or "setter" in " ".join(decorators(each) if hasattr(each, "decorator_list") else []):
            continue
        seen.add(member_name(each))
        parts.append(member(each))
    return "\n".join(parts)


def python_page(stub):
    """docs of everything that `from ascribo import ...` offers."""
    package = module_tree(stub, "__init__")
    where = {alias.asname or alias.name: node.module for node in package.body
             if isinstance(node, ast.ImportFrom) for alias in node.names}
    parts = ["# Python\n", "Everything that `import ascribo` offers, from its own files. "
             "[The Python package](../reference/python.md) is the guide to it.\n"]
    functions, classes = [], []
    for name in sorted(where, key=str.lower):
        if where[name] is None or name.startswith("_"):
            continue
        found = [each for each in module_tree(stub, where[name]).body if getattr(each, "name", None) == name]
        if found and isinstance(found[0], ast.ClassDef):
            classes.append(class_page(found[0], where[name] == "_core"))
        elif found:
            functions.append(f"## {name}\n\n```python\n{signature(found[0])}\n```\n\n{documented(found[0])}\n")
    errors = [each for each in module_tree(stub, "errors").body if isinstance(each, ast.ClassDef)]
    table = ["## ascribo.errors\n", "| class | also | when |", "|---|---|---|"]
    for each in errors:
        bases = ", ".join(f"`{ast.unparse(base)}`" for base in each.bases)
        table.append(f"| `{each.name}` | {bases} | {documented(each)} |")
    return "\n".join(parts + functions + classes + table) + "\n"


# C++.

def public_headers():
    """ascribo.h and all that it brings along, in that order."""
    found = []

    def visit(name):
        if name in found:
            return
        found.append(name)
        for each in INCLUDE.findall((SOURCE / name).read_text(encoding="utf-8")):
            visit(each)

    visit("ascribo/ascribo.h")
    return found[1:]


def declarations(text):
    """What a header declares: without includes, templates' insides and private parts."""
    lines, hidden = [], False
    for line in text.split("\n")[2:]:
        if line.startswith(("#", "namespace ascribo {", "}  // namespace ascribo")):
            continue
        if re.match(r"\s*(private|protected):$", line):
            hidden = True
        elif hidden and re.match(r"};?$", line):
            hidden = False
        if not hidden:
            lines.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def cpp_pages():
    """A page for each room: name and text."""
    by_room = {room: [] for room in ROOMS}
    for header in public_headers():
        by_room[header.split("/")[1]].append(header)
    for room, headers in by_room.items():
        parts = [f"# C++: {room}\n", "What `#include \"ascribo/ascribo.h\"` brings along of this room.\n"]
        for header in sorted(headers):
            text = (SOURCE / header).read_text(encoding="utf-8")
            sentence = " ".join(line.removeprefix("// ") for line in text.split("#pragma once")[0].split("\n")[1:]).strip()
            body = declarations(text.split("#pragma once", 1)[0].split("\n", 1)[0] + "\n\n" + text.split("#pragma once", 1)[1])
            parts.append(f"## {header}\n\n{sentence}\n\n```cpp\n{body}\n```\n")
        if headers:
            yield room, "\n".join(parts)


def write_api(write, folder, stub):
    """Writes api/python.md and api/cpp_ROOM.md by `write(folder, place, text)`."""
    write(folder, "api/python.md", python_page(pathlib.Path(stub)))
    for room, text in cpp_pages():
        write(folder, f"api/cpp_{room}.md", text)
