"""Reads of a Linux shared library what tests want to know; no tool needed."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path

SHT_DYNSYM = 11
SHT_DYNAMIC = 6
DT_NEEDED, DT_SONAME, DT_RPATH, DT_RUNPATH = 1, 14, 15, 29


@dataclass
class Library:
    """Exported symbols and dynamic entries of an ELF file."""

    exports: set[str] = field(default_factory=set)
    soname: str | None = None
    needed: list[str] = field(default_factory=list)
    runpath: str | None = None


def read_library(path: str | Path) -> Library:
    """Read a 64-bit little-endian ELF shared library."""
    data = Path(path).read_bytes()
    if data[:6] != b"\x7fELF\x02\x01":
        raise ValueError(f"{path}: not a 64-bit little-endian ELF file")
    offset, entry_size, count = struct.unpack_from("<Q", data, 0x28) + struct.unpack_from("<HH", data, 0x3A)
    # name, type, flags, address, offset, size, link, info, alignment, entry size
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, offset + index * entry_size) for index in range(count)]

    def text(strings: tuple[int, ...], at: int) -> str:
        start = strings[4] + at
        return data[start : data.index(b"\0", start)].decode()

    library = Library()
    for section in sections:
        kind, start, size, link = section[1], section[4], section[5], section[6]
        if kind == SHT_DYNSYM:
            for at in range(start, start + size, 24):
                name, info, _, index = struct.unpack_from("<IBBH", data, at)
                if index != 0 and info >> 4 in (1, 2):  # defined; global or weak
                    library.exports.add(text(sections[link], name))
        elif kind == SHT_DYNAMIC:
            for at in range(start, start + size, 16):
                tag, value = struct.unpack_from("<QQ", data, at)
                if tag == DT_NEEDED:
                    library.needed.append(text(sections[link], value))
                elif tag == DT_SONAME:
                    library.soname = text(sections[link], value)
                elif tag in (DT_RPATH, DT_RUNPATH):
                    library.runpath = text(sections[link], value)
                elif tag == 0:
                    break
    library.exports.discard("")
    return library
