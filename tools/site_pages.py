#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the pages of the documentation site: site_pages.py FOLDER STUB.

The README is the first page; pages of docs/ follow as they are, notebooks run from top to bottom, with
what they print, and api_pages.py adds what there is to call; STUB is _core.pyi. Links that leave the
documentation become plain words. FOLDER.yml is mkdocs.yml with the order of the pages.
"""

import json
import os
import pathlib
import re
import shutil
import sys

import api_pages

SOURCE = pathlib.Path(__file__).resolve().parent.parent
ROOT_PAGES = {"README.md": "index.md", "HACKING.md": "hacking.md", "CONTRIBUTING.md": "contributing.md",
              "CHANGELOG.md": "changelog.md", "third_party/README.md": "third_party.md"}
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)#\s]+)(#[^)\s]*)?\)", re.S)


def place_of(path):
    """Where a file of the repository is in the site, or None."""
    if path in ROOT_PAGES:
        return ROOT_PAGES[path]
    if path == "docs/examples" or not path.startswith("docs/"):
        return None
    if not (SOURCE / path).exists():
        return path  # left as it is, so that the site's own check names it
    below = path.removeprefix("docs/")
    if (SOURCE / path).is_dir():
        return f"{below}/README.md" if (SOURCE / path / "README.md").exists() else None
    return below if path.endswith((".md", ".svg", ".png")) else None


def page(text, origin, place):
    """A page's text with its links as the site has them."""

    def replaced(match):
        image, words, target, anchor = match.groups()
        if "://" in target:
            return match.group(0)
        path = os.path.normpath(os.path.join(os.path.dirname(origin), target))
        found = place_of(path)
        if found is None:
            return words
        relative = os.path.relpath(found, os.path.dirname(place) or ".")
        return f"{image}[{words}]({relative}{anchor or ''})"

    blocks = re.split(r"(^```.*?^```)", text, flags=re.M | re.S)
    return "".join(part if part.startswith("```") else LINK.sub(replaced, part) for part in blocks)


def output_text(output):
    if output["output_type"] == "stream":
        return "".join(output["text"])
    return "".join(output.get("data", {}).get("text/plain", "")) + "\n"


def notebook_page(path):
    """A notebook that was run, as Markdown."""
    import nbclient
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": path.parent}}).execute()
    parts = []
    for cell in json.loads(nbformat.writes(notebook))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        said = "".join(output_text(each) for each in cell["outputs"]).rstrip("\n")
        if said:
            parts.append(f"```text\n{said}\n```")
    return "\n\n".join(parts) + "\n"


def write(folder, place, text):
    target = folder / place
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


SECTIONS = [("Guide", "guide"), ("Reference", "reference"), ("Methods", "methods"), ("Tutorials", "tutorials"),
            ("Coming from", "switch"), ("API", "api"), ("Design", "design")]


def title_of(path):
    found = re.search(r"^# (.+)$", path.read_text(encoding="utf-8"), re.M)
    return found.group(1).replace("`", "") if found else path.stem


def navigation(folder):
    """mkdocs.yml with the pages in their order: start, guide, reference, methods, ..."""
    lines = ["INHERIT: ../mkdocs.yml", f"docs_dir: {folder.name}", "site_dir: site", "nav:", "  - Start: index.md"]
    for name, below in SECTIONS:
        pages = sorted((folder / below).glob("*.md"), key=lambda each: (each.name != "README.md", each.name))
        lines.append(f"  - {name}:")
        lines += [f"      - {json.dumps(title_of(each))}: {each.relative_to(folder)}" for each in pages]
    lines.append("  - Project:")
    for place in sorted([*ROOT_PAGES.values(), "benchmarks.md"]):
        if place != "index.md":
            lines.append(f"      - {json.dumps(title_of(folder / place))}: {place}")
    return "\n".join(lines) + "\n"


def main(folder, stub):
    folder = pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    pages = [*(SOURCE / name for name in ROOT_PAGES), *sorted((SOURCE / "docs").rglob("*.md"))]
    for path in pages:
        origin = str(path.relative_to(SOURCE))
        place = place_of(origin)
        write(folder, place, page(path.read_text(encoding="utf-8"), origin, place))
    for path in sorted((SOURCE / "docs").rglob("*.ipynb")):
        write(folder, str(path.relative_to(SOURCE / "docs").with_suffix(".md")), notebook_page(path))
    shutil.copytree(SOURCE / "docs" / "images", folder / "images")
    api_pages.write_api(write, folder, stub)
    folder.with_suffix(".yml").write_text(navigation(folder), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
