"""`python -m benchmarks`: builds one archive with several generators in turn, and prints the ratios.

In each round every generator builds once cold, once after one note was edited, and once with nothing
changed; all take turns, so that whatever else the machine does falls on all alike. That sitegen gives the
same bytes cold and warm and with any options is checked after each of its builds.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks import tables
from benchmarks.adapters import ADAPTERS, Adapter, edit
from benchmarks.archive import Archive, Hearing
from benchmarks.live import live
from benchmarks.measure import Output, measured, output_of
from benchmarks.pages import lacking
from benchmarks.tables import Measurement

DEFAULT = "hugo,eleventy,pelican,sitegen,sitegen --jobs 1,sitegen --search"


@dataclass(frozen=True, slots=True)
class Contender:
    """A generator with options: the name in the tables, the whole command, and the site it builds."""

    name: str
    adapter: Adapter
    command: tuple[str, ...]
    site: Path

    @property
    def output(self) -> Path:
        """The folder of what is built."""
        return self.site / self.adapter.output

    @property
    def is_ours(self) -> bool:
        """Whether it is sitegen."""
        return self.adapter is ADAPTERS["sitegen"]


@dataclass(slots=True)
class Proof:
    """The digests of what sitegen built, by how many edits the content had had."""

    digests: dict[int, dict[str, str]] = field(default_factory=dict)
    builds: int = 0

    def add(self, contender: Contender, edits: int, what: str) -> None:
        """Takes the digest of an output; SystemExit if another build of the same content gave other bytes."""
        if not contender.is_ours:
            return
        self.builds += 1
        known = self.digests.setdefault(edits, {})
        known.setdefault(output_of(contender.output).digest, f"{contender.name}, {what}")
        if len(known) > 1:
            raise SystemExit(f"sitegen's output differs after {edits} edits: {'; '.join(known.values())}")

    def __str__(self) -> str:
        return (
            f"{self.builds} builds by sitegen of {len(self.digests)} states of the content: same bytes in each state."
        )


def main() -> None:
    """Generate, build in turn, and print."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="sitegen-benchmarks-") as temporary:
        text = _report(arguments, _empty(arguments.folder or Path(temporary)))
    print(text)
    if arguments.output:
        arguments.output.write_text(text, encoding="utf-8")


def _empty(folder: Path) -> Path:
    """The folder; SystemExit if it holds anything, for what earlier runs edited is not the same archive."""
    if folder.exists() and any(folder.iterdir()):
        raise SystemExit(f"{folder} is not empty; name a new folder")
    return folder


def _report(arguments: argparse.Namespace, base: Path) -> str:
    report = [f"{os.cpu_count()} processors; in brackets: the ratio to the first generator, in the same round."]
    everything: list[Measurement] = []
    for size in arguments.transcripts:
        archive = Archive(size, arguments.words, arguments.notes, arguments.seed)
        contenders = list(_contenders(arguments, base / str(size)))
        if not contenders:
            raise SystemExit("there is nothing to compare")
        report.append(
            f"{size:,} transcripts of {archive.words:,} words and {archive.notes} notes, rounds: {arguments.rounds}"
        )
        done = _compare(archive, contenders, arguments.rounds)
        everything += done.measurements
        report += done.report()
        ours = [one for one in contenders if one.is_ours]
        if ours and arguments.saves:
            hearings = (_chosen(archive, arguments.rounds + number) for number in range(arguments.saves))
            report.append(tables.served(live(ours[0].command[0], ours[0].site, hearings)))
    report.append(tables.growth(everything))
    return "\n\n".join(filter(None, report)) + "\n"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--transcripts", type=_numbers, default=[100, 1000], help="sizes, as in 100,1000,10000")
    parser.add_argument("--words", type=int, default=2500, help="words of a transcript (default: 2500)")
    parser.add_argument("--notes", type=int, default=20, help="notes of a transcript (default: 20)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same archive")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--saves", type=int, default=0, help="measure `sitegen serve` with so many saved files")
    parser.add_argument(
        "--generators",
        default=DEFAULT,
        help=f"of {', '.join(ADAPTERS)}, each with options if need be; the first is the yardstick (default: {DEFAULT})",
    )
    parser.add_argument(
        "--programs", default="", metavar="FOLDERS", help="folders to look for programs first, as in PATH"
    )
    parser.add_argument("--folder", type=Path, help="an empty folder for the sites (default: a temporary one, removed)")
    parser.add_argument("--output", type=Path, help="a file for the tables")
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _contenders(arguments: argparse.Namespace, folder: Path) -> Iterator[Contender]:
    """The generators that are installed; how to get the others is said."""
    places = os.pathsep.join(filter(None, (arguments.programs, str(Path(sys.executable).parent), os.environ["PATH"])))
    for name in arguments.generators.split(","):
        kind, *options = name.split()
        if kind not in ADAPTERS:
            raise SystemExit(f"there is no generator `{kind}`; there are {', '.join(ADAPTERS)}")
        adapter = ADAPTERS[kind]
        program = shutil.which(adapter.command[0], path=places)
        if program is None:
            print(f"{name} is left out, for there is no `{adapter.command[0]}`: {adapter.install}", file=sys.stderr)
            continue
        command = (os.path.abspath(program), *adapter.command[1:], *options)
        yield Contender(name, adapter, command, folder / re.sub(r"\W+", "-", name))


@dataclass(slots=True)
class Comparison:
    """The builds of one archive: what each took, what each generator built at first, and that bytes agree."""

    archive: Archive
    measurements: list[Measurement] = field(default_factory=list)
    outputs: dict[str, Output] = field(default_factory=dict)
    proof: Proof = field(default_factory=Proof)

    def round(self, number: int, contenders: Sequence[Contender], aside: Path) -> None:
        """Every scenario once, with all contenders in turn."""
        for contender in contenders:
            _move_aside(contender, aside)
            self._build(contender, number, "cold")
            if number == 0:
                _look(self.archive, contender)
                self.outputs[contender.name] = output_of(contender.output)
        for contender in contenders:
            edit(contender.adapter, contender.site, _chosen(self.archive, number), f"Edited in round {number}.")
            self._build(contender, number, "edited")
        for contender in contenders:
            self._build(contender, number, "unchanged")

    def _build(self, contender: Contender, number: int, scenario: str) -> None:
        use = measured(contender.command, contender.site)
        one = Measurement(self.archive.transcripts, number, scenario, contender.name, use)
        print(json.dumps(asdict(one)), file=sys.stderr, flush=True)
        self.measurements.append(one)
        self.proof.add(contender, number + (scenario != "cold"), scenario)

    def report(self) -> list[str]:
        """What is said of it."""
        return [
            tables.comparison(self.measurements, self.outputs),
            tables.options(self.measurements),
            str(self.proof),
        ]


def _compare(archive: Archive, contenders: Sequence[Contender], rounds: int) -> Comparison:
    """All rounds of one size."""
    for contender in contenders:
        contender.adapter.write(archive, contender.site)
    done = Comparison(archive)
    with tempfile.TemporaryDirectory(prefix="aside-", dir=contenders[0].site.parent) as aside:
        for number in range(rounds):
            done.round(number, contenders, Path(aside))
        for contender in [one for one in contenders if one.is_ours][:1]:  # the last edit was only built warm
            _move_aside(contender, Path(aside))
            measured(contender.command, contender.site)
            done.proof.add(contender, rounds, "cold")
    return done


def _move_aside(contender: Contender, aside: Path) -> None:
    """Makes the next build a cold one. Deleting what an earlier one left would disturb it."""
    folder = Path(tempfile.mkdtemp(dir=aside))
    for name in contender.adapter.state:
        if (contender.site / name).exists():
            (contender.site / name).rename(folder / name)


def _look(archive: Archive, contender: Contender) -> None:
    """SystemExit unless the pages of the first transcript hold what they should: no skipped work is compared."""
    if missing := lacking(archive, archive.hearing(0), contender.output):
        raise SystemExit(f"{contender.name} lacks {missing}")


def _chosen(archive: Archive, number: int) -> Hearing:
    """The transcript that the edit of a number falls on."""
    return archive.hearing((number * 7919 + archive.transcripts // 2) % archive.transcripts)


if __name__ == "__main__":
    main()
