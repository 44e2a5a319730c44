"""The C library: where it is, what its functions take, and its errors as exceptions; bandit.h has the words."""

from __future__ import annotations

import ctypes
import functools
import os
from pathlib import Path
from typing import Any

INTERFACE = 1


class BanditError(Exception):
    """What an agent or environment of the library reports; the text is the library's sentence."""


class SettingError(BanditError, ValueError):
    """A name, setting or task that is not allowed; the sentence says what is."""


class FileError(BanditError, OSError):
    """A file that cannot be read or written, or whose contents do not fit."""


_KINDS = {1: ValueError, 2: SettingError, 3: FileError}

_pointer, _text, _size = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t
_int, _long, _double, _seed = ctypes.c_int32, ctypes.c_int64, ctypes.c_double, ctypes.c_uint64
_context: list[Any] = [_pointer, _pointer, _size]
_experience = [*_context, _int, _double, _double]
_FUNCTIONS: dict[str, list[Any]] = {
    "agent_names": [_text, _size, ctypes.POINTER(_size)],
    "environment_names": [_text, _size, ctypes.POINTER(_size)],
    "agent_create": [_text, _text, _text, _text, _seed, ctypes.POINTER(_pointer)],
    "agent_select": [*_context, _pointer, _pointer],
    "agent_select_active": [*_context, _pointer, _pointer],
    "agent_propensities": [*_context, _int, _pointer, _size],
    "agent_propensities_active": [*_context, _int, _pointer, _size],
    "agent_update": _experience,
    "agent_update_active": _experience,
    "agent_prefill": _experience,
    "agent_prefill_active": _experience,
    "agent_prefill_steps": [_pointer, ctypes.POINTER(_long)],
    "agent_set_threads": [_pointer, _int],
    "agent_save": [_pointer, _text],
    "agent_load": [_pointer, _text],
    "environment_create": [_text, _text, _seed, ctypes.POINTER(_pointer)],
    "environment_task": [_pointer, _text, _size, ctypes.POINTER(_size)],
    "environment_observe": [_pointer, _pointer, _size, _pointer, _size],
    "environment_step": [_pointer, _int, _pointer],
}


def _path() -> Path:
    given = os.environ.get("BANDIT_SIM_LIBRARY")
    path = Path(given) if given else Path(__file__).parent / "libbandit.so"
    if not path.exists():
        raise ImportError(f"{path} is missing: install the wheel of bandit-sim, or set BANDIT_SIM_LIBRARY")
    return path


@functools.cache
def library() -> ctypes.CDLL:
    """The library, loaded once."""
    loaded = ctypes.CDLL(str(_path()))
    if loaded.bandit_interface() != INTERFACE:
        raise ImportError(f"{_path()} is of another version: interface {loaded.bandit_interface()}, not {INTERFACE}")
    loaded.bandit_last_error.restype = _text
    loaded.bandit_version.restype = _text
    for name in ("agent_destroy", "environment_destroy"):
        function = getattr(loaded, "bandit_" + name)
        function.argtypes, function.restype = [_pointer], None
    for name, arguments in _FUNCTIONS.items():
        function = getattr(loaded, "bandit_" + name)
        function.argtypes, function.restype = arguments, _int
    return loaded


def check(status: int) -> None:
    """Raise what a status says."""
    if status:
        sentence = library().bandit_last_error().decode()
        raise _KINDS.get(status, BanditError)(sentence)


def names(kind: str) -> list[str]:
    """The names of agents or environments."""
    function = getattr(library(), f"bandit_{kind}_names")
    needed = _size()
    check(function(None, 0, ctypes.byref(needed)))
    text = ctypes.create_string_buffer(needed.value)
    check(function(text, needed, None))
    return text.value.decode().split("\n")
