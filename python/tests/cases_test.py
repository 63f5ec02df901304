# SPDX-License-Identifier: MIT
"""The runs of tests/cases that the package can make, too, give what the command line gives: the
same numbers to the last bit, and the same words where something is wrong."""

import json
import subprocess
import sys

import ascribo
import pytest
from conftest import GOLDEN, SOURCE

sys.path.insert(0, str(SOURCE / "tests" / "cli"))
import case_file  # noqa: E402

NAMES = {"golden": GOLDEN, "model": SOURCE / "models" / "sst2-minilm", "source": SOURCE}
REQUEST = ascribo.request_options()
OWN = {name: o for m in ascribo.methods().values() for name, o in m.options.items()}
WRITING = ascribo.generation_options()
KNOWN = {"model", "method", "target", "pair", "labels", "ids", "continue", "continue_ids", "stop"}


class Foreign(Exception):
    """A run that only a command line can make."""


def fill(word):
    for name, folder in NAMES.items():
        word = word.replace("{" + name + "}", str(folder))
    return word


def read_words(words):
    """Texts, and flags with their values."""
    texts, flags, at = [], {}, 0
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--" or word == "-" or not word.startswith("--"):
            if word.startswith("-") and len(word) <= 2:
                raise Foreign
            texts.append(word)
            continue
        name, given, value = word[2:].partition("=")
        name = name.replace("-", "_")
        option = REQUEST.get(name) or OWN.get(name) or WRITING.get(name)
        if name == "json":
            continue
        if option is None and name not in KNOWN:
            raise Foreign
        switch = option is not None and option.type == "flag" and option.default == "no"
        if switch and not given:
            value = "yes"
        elif not given:
            if at == len(words):
                raise Foreign
            value = words[at]
            at += 1
        flags.setdefault(name, []).append(value)
    return texts, flags


def explained(texts, flags):
    """The JSON lines of the package."""
    flags = dict(flags)
    last = {name: values[-1] for name, values in flags.items()}
    labels = last["labels"].split(",") if "labels" in last else ()
    model = ascribo.load(last.get("model"), labels=labels)
    inputs = [ascribo.Input(text, pair=last.get("pair")) for text in texts]
    if "ids" in last:
        inputs.append(ascribo.Input(input_ids=list(map(int, last["ids"].split()))))
    if "continue" in last or "continue_ids" in last:
        ids = list(map(int, last.get("continue_ids", "").split()))
        inputs = [
            ascribo.Input(i.text if not i.input_ids else None, pair=i.pair, input_ids=i.input_ids,
                          continuation=last.get("continue"), continuation_ids=ids)
            for i in inputs
        ]
    options = {
        name: "\n".join(values) if (REQUEST.get(name) or OWN[name]).repeatable else values[-1]
        for name, values in flags.items()
        if name in REQUEST or name in OWN
    }
    arguments = {"method": last.get("method", "integrated_gradients"),
                 "target": tuple(flags.get("target", ["predicted"])), **options}
    if "max_new_tokens" in last:
        writing = {n: last[n] for n in WRITING if n in last and n not in REQUEST}
        count = writing.pop("max_new_tokens")
        found = model.explain_written(inputs, max_new_tokens=count, generation=writing,
                                      stop=flags.get("stop", []), **arguments)
    else:
        found = model.explain(inputs, **arguments)
    return [json.loads(each.to_json()) for each in found]


def all_runs():
    for path in sorted((SOURCE / "tests" / "cases").glob("*.case")):
        case = case_file.parse(path.read_text(encoding="utf-8"))
        if case.setup:
            continue
        for run in case.runs:
            if run.settings or run.command is None or run.command[:2] != ["ascribo", "explain"]:
                continue
            try:
                texts, flags = read_words([fill(word) for word in run.command[2:]])
            except Foreign:
                continue
            if (texts or "ids" in flags) and not {"help", "output"} & set(flags):
                yield pytest.param(run.command, texts, flags, id=f"{path.stem}:{run.line}")


RUNS = list(all_runs())


def test_there_are_runs_to_compare():
    assert len(RUNS) > 80


def without_cost(lines):
    for line in lines:
        line.pop("cost")
    return lines


@pytest.mark.parametrize("command, texts, flags", RUNS)
def test_the_package_gives_what_the_program_gives(program, command, texts, flags, monkeypatch):
    monkeypatch.setenv("ASCRIBO_MODELS", str(SOURCE / "models"))
    words = [program, *[fill(word) for word in command[1:]], "--json"]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    if ran.returncode == 0:
        lines = [json.loads(line) for line in ran.stdout.splitlines()]
        assert without_cost(explained(texts, flags)) == without_cost(lines)
        return
    said = ran.stderr.removeprefix("ascribo: ").rstrip("\n")
    if said.startswith(("[explain]", "text 1: [explain]")):
        pytest.skip("an error of the command line's own flags")
    with pytest.raises(ascribo.Error) as raised:
        explained(texts, flags)
    assert str(raised.value).replace("\n", " ") == said
