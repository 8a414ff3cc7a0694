"""Our side of the picture readers: a few processes, started when the first picture comes, ended when none comes any more."""

import asyncio
import contextlib
import json
import struct
import sys
from typing import Any

import structlog

from catalog.domain.pictures import MAX_PIXELS, MAX_SIDE, MIN_SIDE, REASONS, WIDTHS, PictureRefused, Renditions
from edge.errors import Unavailable

log = structlog.get_logger()
_LENGTH = struct.Struct(">I")
_BUSY = "Many pictures are being read. Send this one again in a moment."
_PICTURES_PER_PROCESS = 200
"""Then a fresh one: memory that a picture made a process take does not stay."""
_SETTINGS = json.dumps(
    {"limits": {"pixels": MAX_PIXELS, "side": MAX_SIDE, "least": MIN_SIDE}, "widths": list(WIDTHS)}
).encode()


class PictureReaders:
    """Implements ``ports.PictureReader``. ``seconds`` to wait for a place, and again for one picture; ``idle_seconds`` until an unused process ends."""

    def __init__(self, *, processes: int, seconds: float = 11.0, idle_seconds: float = 30.0) -> None:
        self._places = asyncio.Semaphore(processes)
        self._seconds = seconds
        self._idle_seconds = idle_seconds
        self._free: list[_Reader] = []
        self._ending: asyncio.TimerHandle | None = None

    async def close(self) -> None:
        for reader in self._free:
            await reader.end()
        self._free.clear()
        if self._ending is not None:
            self._ending.cancel()

    async def open(self) -> None:
        """Nothing: the first picture starts the first process."""

    async def read(self, upload: bytes) -> Renditions:
        """Check and convert. Raises ``PictureRefused``; ``Unavailable`` when too many pictures wait."""
        try:
            await asyncio.wait_for(self._places.acquire(), self._seconds)
        except TimeoutError:
            raise Unavailable(_BUSY) from None
        try:
            return await self._with_a_reader(upload)
        finally:
            self._places.release()

    async def _with_a_reader(self, upload: bytes) -> Renditions:
        reader = self._free.pop() if self._free else await _Reader.start()
        try:
            header, files = await asyncio.wait_for(reader.ask(upload), self._seconds)
        except TimeoutError:  # its CPU has a limit of its own, so this machine is busy: not the picture's fault
            await reader.end()
            raise Unavailable(_BUSY) from None
        except (asyncio.IncompleteReadError, OSError) as error:
            log.warning("picture.reader_ended", reason=type(error).__name__, bytes=len(upload))
            await reader.end()
            raise PictureRefused.because("too-costly", REASONS["too-costly"]) from None
        except BaseException:  # a caller that left in the middle: this process is out of step
            await reader.end()
            raise
        await self._put_back(reader)
        if code := header.get("refused"):
            raise PictureRefused.because(code, REASONS[code])
        return Renditions(width=header["width"], height=header["height"], files=files)

    async def _put_back(self, reader: "_Reader") -> None:
        if reader.served >= _PICTURES_PER_PROCESS:
            await reader.end()
            return
        self._free.append(reader)
        if self._ending is not None:
            self._ending.cancel()
        self._ending = asyncio.get_running_loop().call_later(self._idle_seconds, self._end_idle)

    def _end_idle(self) -> None:
        for reader in self._free:
            reader.leave()
        self._free.clear()


class _Reader:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.served = 0

    @classmethod
    async def start(cls) -> "_Reader":
        """A process that knows nothing of ours: no environment, no arguments, isolated from the folder it stands in."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-m",
            "catalog.adapters.picture_reader",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
            cwd="/",
        )
        reader = cls(process)
        reader._send(_SETTINGS)
        return reader

    async def ask(self, upload: bytes) -> tuple[dict[str, Any], dict[int, bytes]]:
        """One upload; raises ``IncompleteReadError`` when the process ends over it."""
        assert self._process.stdin and self._process.stdout  # noqa: S101 - both are pipes since the start
        self.served += 1
        self._send(upload)
        await self._process.stdin.drain()
        source = self._process.stdout
        (length,) = _LENGTH.unpack(await source.readexactly(_LENGTH.size))
        header = json.loads(await source.readexactly(length))
        return header, {width: await source.readexactly(size) for width, size in header.get("files", ())}

    def _send(self, data: bytes) -> None:
        assert self._process.stdin  # noqa: S101 - a pipe since the start
        self._process.stdin.write(_LENGTH.pack(len(data)) + data)

    def leave(self) -> None:
        """Ask it to end; the loop reaps it."""
        assert self._process.stdin  # noqa: S101 - a pipe since the start
        self._process.stdin.close()

    async def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
