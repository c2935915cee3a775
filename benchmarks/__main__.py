"""`python -m benchmarks`: builds one archive with several generators in turn, and prints the ratios.

Each round builds with every generator once, cold and after one edited note, so that whatever else the
machine does falls on all alike; medians of the rounds are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.adapters import ADAPTERS, Adapter
from benchmarks.archive import Archive


@dataclass(frozen=True, slots=True)
class Run:
    """What one build took: seconds, processor seconds of all processes, the largest process in MB."""

    wall: float
    processor: float
    largest: float


def main() -> None:
    """Generate, build in turn, and print."""
    arguments = _arguments()
    folder = Path(arguments.folder or tempfile.mkdtemp(prefix="sitegen-bench-"))
    archive = Archive(arguments.transcripts, arguments.words, arguments.notes, arguments.seed)
    names = [name for name in arguments.generators.split(",") if _is_there(name)]
    for name in names:
        if not (folder / name).exists():
            ADAPTERS[name].write(archive, folder / name)
            _link_modules(folder / name, arguments.node_modules)
    runs: dict[str, dict[str, list[Run]]] = {name: {"cold": [], "edited": [], "nothing": []} for name in names}
    with tempfile.TemporaryDirectory(prefix="aside-", dir=folder) as aside:
        for number in range(arguments.rounds):
            for name in names:
                runs[name]["cold"].append(_cold(ADAPTERS[name], folder / name, Path(aside) / f"{name}-{number}"))
            for name in names:
                with _edited(ADAPTERS[name], folder / name, archive, number) as _:
                    runs[name]["edited"].append(_timed(ADAPTERS[name], folder / name))
            for name in names:
                runs[name]["nothing"].append(_timed(ADAPTERS[name], folder / name))
    _print(names, runs, folder, arguments)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--transcripts", type=int, default=1000)
    parser.add_argument("--words", type=int, default=2500)
    parser.add_argument("--notes", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--generators", default="hugo,sitegen", help=f"of {', '.join(ADAPTERS)}; the first is the yardstick"
    )
    parser.add_argument("--folder", help="where to write the sites; what is there already is used again")
    parser.add_argument("--node-modules", help="a node_modules folder with @11ty/eleventy and markdown-it-footnote")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args()


def _is_there(name: str) -> bool:
    program = ADAPTERS[name].command[0]
    if _program(program):
        return True
    sys.stderr.write(f"{name} is left out: there is no program {program}\n")
    return False


def _program(name: str) -> str | None:
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else shutil.which(name)


def _link_modules(site: Path, modules: str | None) -> None:
    if modules and (site / "package.json").exists():
        (site / "node_modules").symlink_to(Path(modules).resolve())


def _cold(adapter: Adapter, site: Path, aside: Path) -> Run:
    """A build without anything an earlier one left; that is moved aside, since deleting it would disturb."""
    for name in adapter.state:
        if (site / name).exists():
            aside.mkdir(parents=True, exist_ok=True)
            (site / name).rename(aside / name.strip("."))
    return _timed(adapter, site)


class _edited:  # noqa: N801 -- reads as a statement
    """Changes a word of one note for the time of a `with` block, and leaves the change: each round another."""

    def __init__(self, adapter: Adapter, site: Path, archive: Archive, number: int) -> None:
        hearing = archive.hearing((number * 7919 + archive.transcripts // 2) % archive.transcripts)
        self.path = site / adapter.note_file.format(id=hearing.id)
        self.words = hearing.notes[len(hearing.notes) // 2].text.split("\n")[0].split(" ")[0]

    def __enter__(self) -> _edited:
        text = self.path.read_text(encoding="utf-8")
        self.path.write_text(text.replace(f" {self.words} ", f" {self.words} indeed ", 1), encoding="utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        return None


def _timed(adapter: Adapter, site: Path) -> Run:
    command = [_program(adapter.command[0]) or adapter.command[0], *adapter.command[1:]]
    os.sync()
    # Installed programs have compiled modules beside them; an environment that forbids writing them does not count.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = os.times()
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=site, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    watch = _Watch(process.pid)
    watch.start()
    _, problems = process.communicate()
    wall = time.perf_counter() - start
    watch.stop.set()
    watch.join()
    after = os.times()
    if process.returncode:
        raise SystemExit(f"{adapter.name} failed:\n{problems.decode()[-2000:]}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(wall, used, watch.largest / 1024)


class _Watch(threading.Thread):
    """Looks at the peak memory of a process and all below it, twenty times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.largest = 0
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.wait(0.05):
            for pid in _family(self.pid):
                self.largest = max(self.largest, _peak(pid))


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _peak(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM")), "")
    return int(line.split()[1]) if line else 0


def _print(
    names: list[str], runs: dict[str, dict[str, list[Run]]], folder: Path, arguments: argparse.Namespace
) -> None:
    rows = []
    for name in names:
        out = folder / name / ADAPTERS[name].output
        files = [path for path in out.rglob("*") if path.is_file()]
        row: dict[str, object] = {
            "generator": name,
            "pages": sum(path.suffix == ".html" for path in files),
            "megabytes": round(sum(path.stat().st_size for path in files) / 1e6, 1),
        }
        for kind, measured in runs[name].items():
            for field in ("wall", "processor", "largest"):
                row[f"{kind}_{field}"] = statistics.median(getattr(run, field) for run in measured)
        rows.append(row)
    if arguments.json:
        measured = {n: {k: [asdict(r) for r in rs] for k, rs in kinds.items()} for n, kinds in runs.items()}
        sys.stdout.write(json.dumps({"rows": rows, "runs": measured}, indent=1) + "\n")
        return
    sys.stdout.write(
        f"{arguments.transcripts} transcripts, {arguments.words} words and {arguments.notes} notes each; medians of"
        f" {arguments.rounds} rounds; in brackets the ratio to {names[0]}\n\n"
        "| generator | pages | MB | cold s | processor s | largest process MB | one edited note s | nothing changed s |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
    )
    for row in rows:
        cells = [str(row["generator"]), str(row["pages"]), str(row["megabytes"])]
        for key in ("cold_wall", "cold_processor", "cold_largest", "edited_wall", "nothing_wall"):
            value, yardstick = float(str(row[key])), float(str(rows[0][key]))
            cells.append(f"{value:.2f} ({value / yardstick:.3f})" if yardstick else f"{value:.2f}")
        sys.stdout.write("| " + " | ".join(cells) + " |\n")


if __name__ == "__main__":
    main()
