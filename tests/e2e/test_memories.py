"""Memory from outside: told in one run of the program, known in the next, corrected, forgotten."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


class Program:
    """The program on one data folder; every call is a run of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def run(self, *arguments: str, given: str = "") -> str:
        """Run the program to its end and return what it printed."""
        kept = {
            name: text for name, text in os.environ.items() if not name.startswith("ORCHESTRATOR_")
        }
        done = subprocess.run(
            [sys.executable, "-m", "app", *arguments],
            cwd=ROOT,
            env={**kept, "ORCHESTRATOR_DATA_DIR": str(self.data)},
            input=given,
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def chat(self, *messages: str) -> list[str]:
        """Say something in a new chat; the smallest starter model answers."""
        printed = self.run("chat", "--role", "front", given="\n".join(messages) + "\n")
        return printed.splitlines()

    def listed(self) -> list[dict[str, Any]]:
        """Return the memories that are kept."""
        found: list[dict[str, Any]] = json.loads(self.run("memory", "list", "--all", "--json"))[
            "memories"
        ]
        return found

    def last_receipt(self) -> dict[str, Any]:
        """Return the receipt of the newest answer."""
        with sqlite3.connect(self.data / "echelon.db") as db:
            (found,) = db.execute(
                "SELECT receipt FROM messages WHERE receipt IS NOT NULL"
                " ORDER BY created DESC, rowid DESC LIMIT 1"
            ).fetchone()
        receipt: dict[str, Any] = json.loads(found)
        return receipt


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "data")


def test_a_fact_outlives_the_program_is_corrected_and_is_forgotten(program: Program) -> None:
    assert "Miso" in program.chat("Remember that my cat is called Miso")[0]
    program.chat("What is my cat called?")
    known = {each["id"]: each["text"] for each in program.listed()}
    used = [known[each["memory_id"]] for each in program.last_receipt()["memories"]]
    assert "My cat is called Miso." in used
    assert "Nori" in program.chat("Remember that my cat is called Nori")[0]
    found = json.loads(program.run("memory", "search", "--json", "What is my cat called?"))
    facts = [each["text"] for each in found["memories"] if each["kind"] == "fact"]
    assert facts == ["My cat is called Nori."]
    program.chat("Forget that my cat is called Nori")
    assert not [each for each in program.listed() if "Nori" in each["text"]]


def test_a_starter_model_answers_with_what_it_was_told_before(program: Program) -> None:
    program.chat("Remember that my name is Jonas")
    assert "Jonas" in " ".join(program.chat("What is my name?"))
    assert [each["why"] for each in program.last_receipt()["memories"]]


def test_the_terminal_keeps_what_a_single_chat_knows_to_who_asks_for_it(program: Program) -> None:
    program.run("memory", "add", "--scope", "chat:one", "The canary sings zwitschervogel")
    program.run("memory", "add", "The dog barks loudly")
    assert "zwitschervogel" not in program.run("memory", "list")
    assert "zwitschervogel" not in program.run("memory", "search", "What does the canary sing?")
    assert "zwitschervogel" in program.run("memory", "list", "--scope", "chat:one")
    (dog,) = [each for each in program.listed() if "dog" in each["text"]]
    program.run("memory", "forget", "--yes", str(dog["id"]))
    assert "dog" not in program.run("memory", "list", "--all")
    target = program.data / "out.jsonl"
    program.run("memory", "export", "--all", str(target))
    other = Program(program.data.parent / "other")
    assert "1 added" in other.run("memory", "import", "--trusted", str(target))
    assert "zwitschervogel" in other.run("memory", "list", "--all")


def test_the_doctor_says_what_memory_does(program: Program) -> None:
    told = {
        each["name"]: each
        for each in json.loads(program.run("doctor", "--json"))["mechanisms"]
        if each["area"] == "memory"
    }
    assert told["memory"]["condition"] == "live"
    assert "recalled by words only" in told["recall by meaning"]["reason"]
    assert {"facts at quiet times", "collections"} <= set(told)
