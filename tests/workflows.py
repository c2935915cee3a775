"""Workflow files read and run as GitHub would: their shell steps, in order, with their conditions."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

INSTALLING = ("Install",)
"""Steps that are not run in tests: what they install is installed already."""


@dataclass
class Run:
    """What the steps of a job did: exit code and output of each that ran, the summary and the outputs."""

    codes: dict[str, int] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether the job as a whole is marked as failed."""
        return any(self.codes.values())


def read(path: Path) -> dict[str, Any]:
    """A workflow or action; `on` stays a text, as in YAML 1.2."""
    loaded = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    assert isinstance(loaded, dict)
    return loaded


def run_steps(
    steps: list[dict[str, Any]],
    folder: Path,
    scratch: Path,
    given: Mapping[str, str],
    environment: Mapping[str, str],
    path: Path,
) -> Run:
    """Runs the shell steps in a folder. `given` are the values of expressions, by their text.

    Steps with `uses` are skipped: they need GitHub. `path` is the folder of the commands under test.
    """
    done = Run()
    for step in steps:
        name = step.get("name", "")
        if "run" not in step or name in INSTALLING or not _applies(step.get("if", ""), done, given):
            continue
        known = {f"steps.{id}.outputs.{key}": v for id, pairs in done.outputs.items() for key, v in pairs.items()}
        values = {**given, **known}
        files = {key: scratch / f"{key.lower()}.txt" for key in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
        files["GITHUB_OUTPUT"].write_text("", encoding="utf-8")
        variables = {
            **{key: value for key, value in os.environ.items() if not key.startswith("GITHUB_")},
            "GITHUB_ACTIONS": "true",
            **{key: str(value) for key, value in files.items()},
            **{key: filled(value, values) for key, value in {**environment, **step.get("env", {})}.items()},
            "PATH": f"{path}{os.pathsep}{os.environ['PATH']}",
        }
        script = filled(step["run"], values)
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
        ran = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True)
        done.codes[name], done.printed[name] = ran.returncode, ran.stdout + ran.stderr
        if files["GITHUB_STEP_SUMMARY"].exists():
            done.summary = files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        pairs = (line.partition("=") for line in files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines())
        done.outputs[step.get("id", name)] = {key: value for key, _, value in pairs}
    return done


def _applies(condition: str, done: Run, given: Mapping[str, str]) -> bool:
    """Whether a step runs: after a failure only those that say so."""
    test = condition.removeprefix("${{").removesuffix("}}").strip()
    if test in ("", "success()"):
        return not done.failed
    if test == "!cancelled()":
        return True
    match = re.fullmatch(r"!cancelled\(\) && (\S+) != ''", test)
    assert match, f"a condition that these tests do not know: {condition}"
    return given[match[1]] != ""


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its expressions replaced."""
    return re.sub(r"\$\{\{\s*(.+?)\s*\}\}", lambda match: values[match[1]], text)
