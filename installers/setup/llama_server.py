"""Builds llama.cpp's own server from the source inside the engine's source archive.

It is the same source as the engine's library, so that both can be measured against each other.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from app.engines.llama_server.builds import PROGRAM, own_folder
from installers.setup import engine

WORKER = "ggml-rpc-server.exe" if sys.platform == "win32" else "ggml-rpc-server"
SWITCHES = {
    "CMAKE_BUILD_TYPE": "Release",
    "BUILD_SHARED_LIBS": "OFF",
    "LLAMA_BUILD_TESTS": "OFF",
    "LLAMA_BUILD_EXAMPLES": "OFF",
    "LLAMA_BUILD_APP": "OFF",
    "LLAMA_BUILD_TOOLS": "ON",
    "LLAMA_BUILD_SERVER": "ON",
    "LLAMA_BUILD_UI": "OFF",  # no page in the browser, and nothing fetched for it
    "LLAMA_USE_PREBUILT_UI": "OFF",
    "LLAMA_OPENSSL": "OFF",
    "GGML_RPC": "ON",  # other computers may carry layers
}
# The server, and what runs on a computer that carries layers for it.
TARGETS = {"llama-server": PROGRAM, "ggml-rpc-server": WORKER}


def built() -> Path:
    """Return where the built program lies, or would lie."""
    return own_folder() / PROGRAM


def recipe() -> str:
    """Return a mark that changes with the source, the processor and the switches."""
    facts = f"{engine.cache().name} {sorted(SWITCHES.items())}"
    return hashlib.sha256(facts.encode()).hexdigest()


def build() -> None:
    """Compile the program and put it into its folder, whole or not at all."""
    target = own_folder()
    target.mkdir(parents=True, exist_ok=True)
    engine.say("Building llama-server for this processor, once: about 5 minutes on 3 cores.")
    with tempfile.TemporaryDirectory(dir=target) as name:
        place = Path(name)
        tree = unpack(engine.fetch_source(place), place)
        out = place / "build"
        cmake = str(Path(sys.executable).with_name("cmake"))
        switches = [f"-D{key}={value}" for key, value in SWITCHES.items()]
        engine.run([cmake, "-S", str(tree), "-B", str(out), "-G", "Ninja", *switches])
        engine.run([cmake, "--build", str(out), "--target", *TARGETS])
        for program in TARGETS.values():
            fresh = target / f"{program}.new"
            shutil.copy2(out / "bin" / program, fresh)
            fresh.replace(target / program)
    (target / "recipe").write_text(recipe(), encoding="utf-8")


def unpack(source: Path, place: Path) -> Path:
    """Unpack llama.cpp out of the engine's source archive and return its folder."""
    with tarfile.open(source) as archive:
        inside = [each for each in archive if "/vendor/llama.cpp/" in f"/{each.name}/"]
        archive.extractall(place, members=inside, filter="data")
    (tree,) = place.glob("*/vendor/llama.cpp")
    return tree


def main() -> None:
    """Build the server unless this one is there already; say where it is."""
    mark = own_folder() / "recipe"
    known = mark.read_text("utf-8") if mark.exists() else ""
    if not built().exists() or known != recipe():
        build()
    subprocess.run([str(built()), "--version"], check=True, stdout=sys.stderr)
    engine.say(f"llama-server: {os.fspath(built())}")


if __name__ == "__main__":
    main()
