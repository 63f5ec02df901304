# SPDX-License-Identifier: MIT
"""What a number belongs to: the machine, the versions, and how large what was installed is."""
import json
import platform
import subprocess
from pathlib import Path

PACKAGES = ["torch", "transformers", "captum", "interpreto"]


def processor():
    """The processor's name and the instructions that decide how fast products are."""
    name, flags = platform.machine(), set()
    for line in Path("/proc/cpuinfo").read_text("utf8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            name = value.strip()
        if key.strip() == "flags":
            flags = set(value.split())
    telling = ["avx2", "avx512f", "avx512_bf16", "amx_bf16"]
    return name, [flag for flag in telling if flag in flags]


def describe(python, program):
    """Machine, versions and sizes; `python` is the peers' interpreter."""
    ask = ("import importlib.metadata as m, json, sysconfig\n"
           f"print(json.dumps([{{p: m.version(p) for p in {PACKAGES}}},"
           " sysconfig.get_paths()['purelib']]))")
    versions, packages = json.loads(
        subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout)
    name, flags = processor()
    commit = subprocess.run(["git", "-C", Path(__file__).parent, "rev-parse", "--short", "HEAD"],
                            capture_output=True, text=True, check=False).stdout.strip()
    return {"machine": name, "instructions": flags, "peers": versions, "commit": commit,
            "installed_mib": round(program.stat().st_size / 2**20 + libraries(program), 1),
            "peer_installed_mib": round(folder_size(Path(packages)))}


def libraries(program):
    """MiB of the shared libraries that a program needs besides the C and C++ run times."""
    printed = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    paths = [line.split()[2] for line in printed.splitlines() if "=> /" in line]
    system = ("libc.so", "libm.so", "libstdc++", "libgcc_s")
    return sum(Path(path).stat().st_size for path in paths
               if not Path(path).name.startswith(system)) / 2**20


def folder_size(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
