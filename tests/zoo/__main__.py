"""`python -m tests.zoo FOLDER`: write all models there."""

import sys
from pathlib import Path

from installers.setup.engine import cache
from tests.zoo.animals import ZOO

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, animal in ZOO.items():
        animal.write(folder / f"{name}.gguf", cache() / "vocabularies")
