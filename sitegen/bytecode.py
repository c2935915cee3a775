"""The templates that ship with sitegen as they were compiled before, kept beside Python's own compiled modules.

What their code is made of is not known here.
"""

from __future__ import annotations

import contextlib
import os
import sys
import sysconfig
from collections.abc import Mapping
from importlib.util import cache_from_source
from pathlib import Path

from msgspec import DecodeError, msgpack

from sitegen.files import bytes_of, replace_file, stamp

_FOLDER = Path(__file__).parent
_COMPILERS = ("direct.py", "templating.py")


def kept() -> Mapping[str, bytes]:
    """The compiled templates by Jinja's keys; none where nothing is kept, or what another compiler made."""
    data = bytes_of(_place())
    try:
        made_by, code = msgpack.decode(data or b"", type=tuple[str, dict[str, bytes]])
    except DecodeError:
        return {}
    return code if made_by == _compiler() else {}


def keep(code: Mapping[str, bytes]) -> None:
    """Keep compiled templates for the next build of any site, where Python may keep its modules."""
    if not sys.dont_write_bytecode:
        with contextlib.suppress(OSError):
            replace_file(_place(), msgpack.encode((_compiler(), code)))


def _place() -> Path:
    return Path(cache_from_source(str(_FOLDER / "templates.py"))).with_suffix(".templates")


def _compiler() -> str:
    """What tells apart those that compile: this sitegen, Python, and the packages that are installed."""
    paths = (Path(sysconfig.get_path("purelib")), *(_FOLDER / name for name in _COMPILERS))
    return f"{sys.version} {' '.join(stamp(os.stat(path)) for path in paths)}"
