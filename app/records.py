"""The terminal's commands about what is kept: rows of the ledger, a replay, the full registry.

The rows come through the same door as answers, from this process or from the one that owns the
core: rows that still wait are written first, and nobody else opens the file.
"""

import json
import os
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from pathlib import Path
from typing import IO

from app import terminal
from app.domain.errors import AppError, NotWritable, RequestInvalid
from app.domain.routing import OutcomeRecord, TurnRecord
from app.orchestration.ledger.rows import of_line
from app.orchestration.replay.policies import NAMES, Policy, named, usual
from app.orchestration.replay.report import replay as replayed
from app.orchestration.replay.report import table
from app.terminal import OK, Channel, Message, asked

# As many turns tell everything a replay can tell, and fit into memory.
NEWEST_TURNS = 20_000


async def export(channel: Channel, output: str) -> int:
    """Write every row as a line of JSON, to a file or to standard output; return the exit code."""
    try:
        if output in {"", "-"}:
            await _print(channel)
        else:
            count = await _save(channel, Path(output))
            terminal.say(f"{count} rows are in {output}.")
    except AppError as error:
        return terminal.report(error)
    return OK


async def export_registry(channel: Channel, output: str) -> int:
    """Write the full registry, to a file or to standard output; return the exit code."""
    try:
        answer = await asked(channel, {"op": "registry"})
        text = str(answer["text"])
        if output in {"", "-"}:
            _write(sys.stdout, text.splitlines())
        else:
            _keep(Path(output), text)
            terminal.say(f"{answer['measured']} of {answer['models']} models are measured.")
    except AppError as error:
        return terminal.report(error)
    return OK


async def replay(channel: Channel, names: Sequence[str], *, as_json: bool) -> int:
    """Print what policies would have been worth; return the exit code."""
    try:
        wanted = {name: _policy(name) for name in names}
        turns, outcomes = await _records(channel)
        _require_known(names, turns)
    except AppError as error:
        return terminal.report(error)
    report = replayed(turns, outcomes, wanted or usual(turns))
    lines = [json.dumps(report.plain(), ensure_ascii=False)] if as_json else table(report)
    _write(sys.stdout, lines)
    return OK


async def _print(channel: Channel) -> None:
    async with aclosing(_pages(channel, {})) as pages:
        async for lines in pages:
            if not _write(sys.stdout, lines):
                return


async def _save(channel: Channel, path: Path) -> int:
    """Write the rows to a file; it is complete under its name or as it was.

    Raises:
        NotWritable: there is no place for it.
    """
    fresh = path.with_name(f"{path.name}.new")
    count = 0
    try:
        with fresh.open("w", encoding="utf-8") as file:
            async with aclosing(_pages(channel, {})) as pages:
                async for lines in pages:
                    file.writelines(f"{line}\n" for line in lines)
                    count += len(lines)
        fresh.replace(path)
    except OSError as error:
        raise _not_writable(path, error) from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    return count


def _keep(path: Path, text: str) -> None:
    """Write a small file; it is complete under its name or as it was.

    Raises:
        NotWritable: there is no place for it.
    """
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise _not_writable(path, error) from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _not_writable(path: Path, error: OSError) -> NotWritable:
    return NotWritable(
        f"{path} cannot be written: {error.strerror or error}.",
        remedy="Name another file, or free some space.",
    )


async def _records(channel: Channel) -> tuple[list[TurnRecord], list[OutcomeRecord]]:
    turns: list[TurnRecord] = []
    outcomes: list[OutcomeRecord] = []
    async with aclosing(_pages(channel, {"newest_turns": NEWEST_TURNS, "lean": True})) as pages:
        async for lines in pages:
            for line in lines:
                match of_line(line):
                    case (_, TurnRecord() as turn):
                        turns.append(turn)
                    case (_, OutcomeRecord() as outcome):
                        outcomes.append(outcome)
    return turns, outcomes


async def _pages(channel: Channel, wishes: Message) -> AsyncGenerator[list[str], None]:
    seen, is_last = 0, False
    while not is_last:
        answer = await asked(channel, {"op": "ledger rows", "seen": seen, **wishes})
        yield answer["lines"]
        seen, is_last = answer["seen"], answer["is_last"]


def _policy(name: str) -> Policy:
    found = named(name)
    if found is None:
        raise RequestInvalid(
            f"There is no policy “{name}”.", remedy=f"Policies here: {', '.join(NAMES)}."
        )
    return found


def _require_known(names: Sequence[str], turns: Sequence[TurnRecord]) -> None:
    """Refuse roles that no turn could have begun with: figures would be of something else."""
    known = [name for name in usual(turns) if name.startswith("always=")]
    for name in names:
        if turns and name.startswith("always=") and name not in known:
            raise RequestInvalid(
                f"No turn could have begun with “{name.partition('=')[2]}”.",
                remedy=f"Policies of this kind here: {', '.join(known)}.",
            )


def _write(stream: IO[str], lines: Sequence[str]) -> bool:
    """Write lines; return whether anybody still reads them."""
    try:
        stream.writelines(f"{line}\n" for line in lines)
        stream.flush()
    except BrokenPipeError:
        # What is buffered has nowhere to go, and Python would complain of it at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return False
    return True
