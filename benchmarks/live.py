"""How long a saved file takes to be seen: `sitegen serve`, and a page that waits to be told to reload."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tornado.httpclient import AsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, websocket_connect

from benchmarks.adapters import ADAPTERS, edit
from benchmarks.archive import Hearing
from benchmarks.measure import environment


@dataclass(frozen=True, slots=True)
class Live:
    """Seconds from the start to the first page, from each save to the reloaded page, and the peak of memory in MB."""

    start: float
    saves: tuple[float, ...]
    largest: float


def live(program: str, site: Path, hearings: Iterable[Hearing]) -> Live:
    """Serve a site and edit a note of each transcript, one after the other."""
    begun = time.perf_counter()
    log = site.with_name(f"{site.name}-serve.log")
    with log.open("wb") as said:
        process = subprocess.Popen(
            [program, "serve", "--port", "0"], cwd=site, env=environment(program), stdout=said, stderr=said
        )
    try:
        address = _address(process, log)
        start = time.perf_counter() - begun
        saves = asyncio.run(_saves(address, site, hearings))
    finally:
        process.terminate()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Live(start, saves, used.ru_maxrss / 1024)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    while True:
        said = log.read_text(encoding="utf-8")
        if found := re.search(r"served at (\S+)", said):
            return found[1]
        if process.poll() is not None:
            raise SystemExit(f"sitegen serve ended:\n{said}")
        time.sleep(0.01)


async def _saves(address: str, site: Path, hearings: Iterable[Hearing]) -> tuple[float, ...]:
    host = address.split("/")[2]
    socket = await websocket_connect(f"ws://{host}/livereload")
    for message in ({"command": "hello"}, {"command": "info", "url": address}):
        await socket.write_message(json.dumps(message))
    taken = []
    for number, hearing in enumerate(hearings):
        sentence = f"Saved as number {number} at {time.time()}."
        await asyncio.sleep(1)  # as a writer would; and what the last save left is done
        begun = time.perf_counter()
        edit(ADAPTERS["sitegen"], site, hearing, sentence)
        await _shown(socket, f"{address}transcripts/{hearing.id}/", sentence)
        taken.append(time.perf_counter() - begun)
    socket.close()
    return tuple(taken)


async def _shown(socket: WebSocketClientConnection, page: str, sentence: str) -> None:
    """Waits for a reload after which the page has the sentence."""
    while True:
        message = await socket.read_message()
        if message is None:
            raise SystemExit("sitegen serve closed the connection")
        if json.loads(message)["command"] == "reload":
            response = await AsyncHTTPClient().fetch(page)
            if sentence in response.body.decode():
                return
