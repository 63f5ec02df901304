#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws the pictures of docs/benchmarks.md from what bench/run.py and bench/scale.py measured.

    python3 bench/pictures.py results.json [scale.json] [--docs DIR]
"""
import argparse
import json
import math
from pathlib import Path

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator, ScalarFormatter  # noqa: E402

HOUSE = Path(__file__).resolve().parent.parent
COLOURS = {"fp32": "#2a6f97", "bf16x3": "#6a994e", "bf16": "#e07a1f"}
# Text stays text, and equal numbers give equal files.
pyplot.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "ascribo", "font.size": 8})


def save(figure, path):
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def draw_ratios(results, path):
    """A bar for every ratio, all precisions of a task together, on a scale of logarithms."""
    at, ticks, bars = 0.0, [], {precision: {} for precision in COLOURS}
    for task in results:
        ticks.append(at)
        for precision in COLOURS:
            found = task if precision == "fp32" else task.get(precision)
            if found is not None:
                bars[precision][at] = found["ratio"]
                at += 1
        at += 0.6
    figure, axes = pyplot.subplots(figsize=(7.6, 0.5 + 0.16 * at), layout="constrained")
    for precision, ratios in bars.items():
        drawn = axes.barh(list(ratios), list(ratios.values()), height=0.9, color=COLOURS[precision],
                          label=precision)
        axes.bar_label(drawn, fmt=" %.1f")
        for bar in drawn:
            bar.set_gid(f"{precision} at {bar.get_y():.1f}")
    axes.set_yticks(ticks, [task["task"] for task in results])
    axes.invert_yaxis()
    axes.set_xscale("log", base=2)
    most = max(ratio for ratios in bars.values() for ratio in ratios.values())
    axes.set_xlim(0.8, 2 * most)
    axes.set_xticks([2**i for i in range(math.ceil(math.log2(most)) + 1)])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}x"))
    axes.axvline(1, color="#888", linewidth=0.8)
    axes.set_xlabel("times as fast as the peer")
    axes.legend(loc="lower right", frameon=False)
    save(figure, path)


def draw_curves(curves, path):
    """Of each curve what was measured, and its law as a dashed line."""
    rows = (len(curves) + 2) // 3
    figure, all_axes = pyplot.subplots(rows, 3, figsize=(7.6, 2.3 * rows), squeeze=False,
                                       layout="constrained")
    for axes in all_axes.flat[len(curves):]:
        axes.remove()
    for axes, curve in zip(all_axes.flat, curves):
        x = [point["x"] for point in curve["points"]]
        axes.plot(x, [point["law"] for point in curve["points"]], "--", color="#888",
                  label=curve["law"])
        axes.plot(x, [point["seconds"] for point in curve["points"]], "o-", markersize=3,
                  color=COLOURS["fp32"], label="measured")
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xticks(x)
        axes.xaxis.set_major_formatter(ScalarFormatter())
        axes.xaxis.set_minor_locator(NullLocator())
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g} s"))
        axes.yaxis.set_minor_locator(NullLocator())
        method, varied = curve["name"].rsplit(", ", 1)
        axes.set_title(f"{method},\n{varied}", fontsize=8)
        axes.set_xlabel(curve["axis"])
        axes.legend(frameon=False, fontsize=7)
    save(figure, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path)
    parser.add_argument("scale", type=Path, nargs="?")
    parser.add_argument("--docs", type=Path, default=HOUSE / "docs")
    options = parser.parse_args()
    images = options.docs / "images"
    images.mkdir(parents=True, exist_ok=True)
    results = json.loads(options.results.read_text("utf8"))["results"]
    draw_ratios(results, images / "benchmarks.svg")
    if options.scale:
        curves = json.loads(options.scale.read_text("utf8"))["curves"]
        draw_curves(curves, images / "scale.svg")


if __name__ == "__main__":
    main()
