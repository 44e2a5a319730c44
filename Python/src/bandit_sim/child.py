"""Your agent or environment as a program that bandit-sim starts: the child's side of Docs/Protocol.md.

The standard library is enough; where NumPy is installed, contexts are its arrays.
"""

from __future__ import annotations

import io
import json
import os
import select
import struct
import sys
import time
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Any, BinaryIO, ClassVar, Union

try:
    import numpy
except ImportError:  # contexts are arrays of the standard library then
    numpy = None  # type: ignore[assignment]

PROTOCOL, VERSION = "bandit-sim-child", 1
SELECT, REWARD, LEARN, PREFILL, STATE, RESTORE, END, OBSERVE, STEP = range(1, 10)
_HEADER = struct.Struct("<II")
_CHOICE = struct.Struct("<id")
_EXPERIENCE = struct.Struct("<iddI")
_REWARD = struct.Struct("<d")
_UNKNOWN = float("nan")


class Refusal(ValueError):
    """A setting or a task that is not taken; its text is what the user of bandit-sim reads."""


class Task:
    """What a child is told before its first step."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self.seed: int = words["seed"]
        """A seed for everything random, below 2**32."""
        self.task_seed: int = words.get("task_seed", 0)
        """Of environments: a seed for what is drawn once a task; free play has the same one."""
        self.features: int = words.get("features", 0)
        """The number of columns of a context."""
        self.encoding: str = words.get("encoding", "dense")
        """How contexts are sent: "dense" or "one-hot"."""
        self.maximum_active: int | None = words.get("maximum_active")
        """The most columns that are 1, where contexts are one-hot."""
        self.actions: list[str] = list(words.get("actions", []))
        """The names of the actions."""
        self.feature_names: list[str] | None = words.get("feature_names")
        """The names of the columns, where they have some."""
        self._settings: dict[str, Any] = dict(words.get("settings", {}))
        self._unread = set(self._settings)

    @property
    def settings(self) -> dict[str, Any]:
        """All settings, as ``--set`` gave them: numbers, truths and texts."""
        self._unread.clear()
        return dict(self._settings)

    def setting(self, name: str, default: Any) -> Any:
        """A setting, or its default; settings that nobody asks for are refused."""
        self._unread.discard(name)
        value = self._settings.get(name, default)
        if isinstance(default, bool) != isinstance(value, bool) or (
            isinstance(default, (int, float)) and not isinstance(value, (int, float))
        ):
            raise Refusal(f"--set {name}: a value like {default}, not {value!r}")
        return value

    def require_all_read(self) -> None:
        """Raise a Refusal where a setting was given that nobody asked for."""
        if self._unread:
            raise Refusal(f"no setting {', '.join(sorted(self._unread))}; it is not asked for by this program")


class _Stateful:
    """What agents and environments have in common."""

    state: ClassVar[Sequence[str]] = ()
    """The attributes that a run is resumed from: numbers, texts, lists of them, arrays, random generators."""

    def save(self) -> bytes:
        """The state between two steps; the attributes in ``state`` unless overridden."""
        return pack({name: getattr(self, name) for name in self.state})

    def load(self, data: bytes) -> None:
        """Take a state that ``save`` gave."""
        for name, value in unpack(data).items():
            if name in self.state:
                setattr(self, name, _revived(getattr(self, name, None), value))

    @property
    def can_save(self) -> bool:
        """Whether runs can be resumed: attributes are named in ``state``, or ``save`` is overridden."""
        return bool(self.state) or type(self).save is not _Stateful.save


class Agent(_Stateful):
    """An agent: chooses actions and learns from their rewards."""

    prefill: int = 0
    """Steps of random play to be shown before the first own step."""
    measurements: ClassVar[Sequence[str]] = ()
    """The names of what ``measure`` gives: columns of the log; ``loss`` and ``learning_rate`` have theirs."""
    indices: ClassVar[bool] = False
    """Whether one-hot contexts come as the indices of the ones; else as columns of 0 and 1."""

    def select_action(self, context: Any) -> int | tuple[int, float]:
        """An action's index, or a pair of it and its probability."""
        raise NotImplementedError

    def update(self, context: Any, action: int, reward: float) -> None:
        """Learn from a step."""

    def measure(self) -> Mapping[str, float]:
        """Numbers for the log, asked for after each choice."""
        return {}


class Environment(_Stateful):
    """An environment: shows contexts and pays rewards."""

    features: int
    """The number of columns."""
    actions: Sequence[str]
    """The names of the actions."""
    maximum_active: int | None = None
    """The most columns that are 1, where ``observe`` gives their indices; None for dense contexts."""
    counters: Mapping[str, int | None] = {}
    """Counts of a step: columns of the log; None for a sum, a number for the mean over so many steps."""

    def observe(self) -> tuple[Sequence[float], Sequence[float]]:
        """The next context, and each action's expected reward in it, whatever will be played."""
        raise NotImplementedError

    def step(self, action: int) -> float | tuple[float, Sequence[float]]:
        """The reward of an action, or a pair of it and the counts, in the order of ``counters``."""
        raise NotImplementedError


Component = Union[Agent, Environment]


def pack(values: Mapping[str, Any]) -> bytes:
    """Named values as bytes that hold no code; read by ``unpack``."""
    plain: dict[str, Any] = {}
    arrays: list[tuple[str, str, list[int]]] = []
    tail = io.BytesIO()
    for name, value in values.items():
        if numpy is not None and isinstance(value, numpy.ndarray):
            if value.dtype.hasobject:
                raise TypeError(f"the state '{name}' is an array of objects")
            arrays.append((name, value.dtype.str, list(value.shape)))
            tail.write(numpy.ascontiguousarray(value).tobytes())
        elif numpy is not None and isinstance(value, numpy.random.Generator):
            plain[name] = value.bit_generator.state
        elif numpy is not None and isinstance(value, numpy.generic):
            plain[name] = value.item()
        elif hasattr(value, "getstate") and hasattr(value, "setstate"):
            plain[name] = value.getstate()
        elif isinstance(value, array):
            plain[name] = value.tolist()
        else:
            plain[name] = value
    head = json.dumps({"values": plain, "arrays": arrays}, default=_listed).encode()
    return struct.pack("<I", len(head)) + head + tail.getvalue()


def _listed(value: Any) -> Any:
    if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)):
        return value.tolist()
    raise TypeError(f"a state holds numbers, texts, lists, arrays and random generators, not {type(value).__name__}")


def unpack(data: bytes) -> dict[str, Any]:
    """The values that ``pack`` made bytes of; random generators as their state."""
    (length,) = struct.unpack_from("<I", data)
    head = json.loads(data[4 : 4 + length])
    values: dict[str, Any] = dict(head["values"])
    place = 4 + length
    for name, kind, shape in head["arrays"]:
        dtype = numpy.dtype(kind)
        count = 1
        for size in shape:
            count *= int(size)
        values[name] = numpy.frombuffer(data, dtype, count, place).reshape(shape).copy()
        place += count * dtype.itemsize
    return values


def _revived(now: Any, saved: Any) -> Any:
    """A saved value in the form of the attribute that it is for."""
    if numpy is not None and isinstance(now, numpy.random.Generator):
        now.bit_generator.state = saved
        return now
    if hasattr(now, "getstate") and hasattr(now, "setstate"):
        version, words, gauss = saved
        now.setstate((version, tuple(words), gauss))
        return now
    if isinstance(now, array):
        return array(now.typecode, saved)
    return saved


def serve(make: Callable[[Task], Component]) -> None:
    """Serve an agent or environment to the bandit-sim that started this program, until the run is over.

    ``make`` is a class, or anything else that makes an Agent or Environment of a Task.
    """
    try:
        source = os.fdopen(3, "rb", buffering=1 << 16)
        os.fstat(4)
    except OSError:
        raise SystemExit(
            "This program is started by bandit-sim: bandit-sim --agent exec:" + (sys.argv[0] or "./agent.py")
        ) from None
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    _Server(source, make).run()


class _Patience:
    """Looks for the next question again and again for a moment, while that is worth it.

    A core that sleeps takes longer to wake than bandit-sim to ask. Where both share a core, looking is lost time: it
    stops unless four of five such waits are worth it, and is tried again now and then.
    """

    LENGTH, REST, MOST = 100_000, 1_000, 16  # nanoseconds, waits, waits

    def __init__(self, descriptor: int) -> None:
        poller = select.poll()
        poller.register(descriptor, select.POLLIN)
        self._poll = poller.poll
        self._credit, self._rested = self.MOST, 0

    def wait(self) -> None:
        """Return when there is something to read, or it is better to sleep until then."""
        if self._credit <= 0:
            self._rested += 1
            if self._rested < self.REST:
                return
        poll, now = self._poll, time.perf_counter_ns
        end = now() + self.LENGTH
        while not poll(0) and now() < end:
            pass
        self._rested = 0
        self._credit = min(self._credit + 1, self.MOST) if now() < end else max(self._credit - 4, 0)


class _Server:
    def __init__(self, source: BinaryIO, make: Callable[[Task], Component]) -> None:
        self.read = source.read
        self.wait = _Patience(source.fileno()).wait
        (length,) = struct.unpack("<I", self._exactly(4))
        words = json.loads(self._exactly(length))
        if words.get("protocol") != PROTOCOL or words.get("version") != VERSION:
            self._greet({"error": f"a program of {PROTOCOL} version {VERSION}; this one is older or newer"})
            raise SystemExit(1)
        self.task = Task(words)
        try:
            self.component = make(self.task)
            self.task.require_all_read()
        except Refusal as refusal:
            self._greet({"error": str(refusal)})
            raise SystemExit(1) from None
        kind = Environment if words.get("role") == "environment" else Agent
        if not isinstance(self.component, kind):
            self._greet({"error": f"an {words.get('role')}; this program is a {type(self.component).__name__}"})
            raise SystemExit(1)
        self._greet(self._greeting(self.component))

    def _greeting(self, component: Component) -> dict[str, Any]:
        words: dict[str, Any] = {"name": type(component).__name__, "state": component.can_save}
        if isinstance(component, Agent):
            return {**words, "prefill": component.prefill, "measurements": list(component.measurements)}
        active = component.maximum_active
        return {
            **words,
            "features": component.features,
            "encoding": "dense" if active is None else "one-hot",
            "maximum_active": active,
            "actions": list(component.actions),
            "counters": [{"name": name, "window": window} for name, window in component.counters.items()],
        }

    def _greet(self, words: Mapping[str, Any]) -> None:
        data = json.dumps({"protocol": PROTOCOL, "version": VERSION, **words}).encode()
        self._write(struct.pack("<I", len(data)) + data)

    def _exactly(self, count: int) -> bytes:
        data = self.read(count)
        if len(data) < count:
            raise SystemExit(0)  # nobody asks any more
        return data

    @staticmethod
    def _write(data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(4, view) :]

    def _answer(self, kind: int, payload: bytes = b"") -> None:
        self._write(_HEADER.pack(len(payload), kind) + payload)
        self.wait()

    def run(self) -> None:
        component = self.component
        play = self._agent(component) if isinstance(component, Agent) else self._environment(component)
        while True:
            length, kind = _HEADER.unpack(self._exactly(8))
            payload = self._exactly(length) if length else b""
            if kind == STATE:
                self._answer(STATE, component.save())
            elif kind == RESTORE:
                component.load(payload)
                self._answer(RESTORE)
            elif kind == END:
                self._answer(END)
                return
            else:
                play(kind, payload)

    def _agent(self, agent: Agent) -> Callable[[int, bytes], None]:
        """Answers an agent's frames."""
        decode = self._decoder(agent)
        select, update, measurements = agent.select_action, agent.update, tuple(agent.measurements)
        pack_choice, unpack_reward, write, header = _CHOICE.pack, _REWARD.unpack, os.write, _HEADER.pack(12, SELECT)
        wait = self.wait
        last: tuple[Any, int] = (None, 0)

        def play(kind: int, payload: bytes) -> None:
            nonlocal last
            if kind == SELECT:
                context = decode(payload, 4)
                choice = select(context)
                action, propensity = choice if isinstance(choice, tuple) else (choice, _UNKNOWN)
                last = (context, int(action))
                if measurements:
                    found = agent.measure()
                    numbers = [float(found.get(name, _UNKNOWN)) for name in measurements]
                    self._answer(SELECT, struct.pack(f"<id{len(numbers)}d", action, propensity, *numbers))
                else:
                    write(4, header + pack_choice(action, propensity))
                    wait()
            elif kind == REWARD:
                update(last[0], last[1], unpack_reward(payload)[0])
            elif kind in (LEARN, PREFILL):
                action, _, reward, _ = _EXPERIENCE.unpack_from(payload)
                update(decode(payload, _EXPERIENCE.size), action, reward)
            else:
                raise SystemExit(f"a frame of kind {kind}, which version {VERSION} of the protocol does not have")

        return play

    def _decoder(self, agent: Agent) -> Callable[[bytes, int], Any]:
        """What makes a context of the bytes behind its count."""
        features = self.task.features
        if numpy is None:
            return _plain_decoder(self.task.encoding, features, agent.indices)
        if self.task.encoding == "dense":
            return lambda payload, place: numpy.frombuffer(payload, "<f4", -1, place)
        if agent.indices:
            return lambda payload, place: numpy.frombuffer(payload, "<i4", -1, place)

        def columns(payload: bytes, place: int) -> Any:
            context = numpy.zeros(features, numpy.float32)
            context[numpy.frombuffer(payload, "<i4", -1, place)] = 1
            return context

        return columns

    def _environment(self, environment: Environment) -> Callable[[int, bytes], None]:
        """Answers an environment's frames."""
        form = "f" if environment.maximum_active is None else "i"

        def play(kind: int, payload: bytes) -> None:
            if kind == OBSERVE:
                context, rewards = environment.observe()
                layout = f"<I{len(context)}{form}{len(rewards)}d"
                self._answer(OBSERVE, struct.pack(layout, len(context), *context, *rewards))
            elif kind == STEP:
                outcome = environment.step(struct.unpack("<i", payload)[0])
                reward, counts = outcome if isinstance(outcome, tuple) else (outcome, ())
                self._answer(STEP, struct.pack(f"<{1 + len(counts)}d", reward, *counts))
            else:
                raise SystemExit(f"a frame of kind {kind}, which version {VERSION} of the protocol does not have")

        return play


def _plain_decoder(encoding: str, features: int, indices: bool) -> Callable[[bytes, int], Any]:
    def numbers(payload: bytes, place: int) -> Any:
        values = array("f" if encoding == "dense" else "i")
        values.frombytes(payload[place:])
        return values

    def columns(payload: bytes, place: int) -> Any:
        context = array("f", bytes(4 * features))
        for index in numbers(payload, place):
            context[index] = 1
        return context

    return numbers if encoding == "dense" or indices else columns
