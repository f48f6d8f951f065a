"""What a measurement was made on, in lines to print above its table."""

from __future__ import annotations

import os
import platform
import subprocess

__all__ = ["describe", "file_system"]


def describe(work: str, programs: dict[str, str]) -> list[str]:
    """Return lines that say machine, file system of `work` (absolute), load, and the programs' versions."""
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    lines = [
        f"machine: {platform.system()} {platform.release()} {platform.machine()}, {processor()}, {os.cpu_count()} cores",
        f"file system of the environments: {file_system(work)}; load at the start: {load}",
    ]
    return lines + [f"{name}: {version(path)}" for name, path in programs.items()]


def processor() -> str:
    """Return the processor's name."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        return platform.processor() or "unknown processor"
    return platform.processor() or "unknown processor"


def file_system(path: str) -> str:
    """Return the type of the file system that `path` (absolute) lies on."""
    best, kind = "", "unknown"
    try:
        with open("/proc/self/mounts", encoding="utf-8") as lines:
            for line in lines:
                _, mount, name, *_ = line.split()
                if (path + "/").startswith(mount.rstrip("/") + "/") and len(mount) >= len(best):
                    best, kind = mount, name
    except OSError:
        return kind
    return kind


def version(program: str) -> str:
    """Return the first line that `PROGRAM --version` prints."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        return str(error)
    return (done.stdout or done.stderr).partition("\n")[0]
