"""A memory whose process is killed at random moments: `python -m benchmarks.memory_kills`.

Children add, remove, embed, save and rebuild until they are killed. After every kill the store must
hold everything that was committed and nothing that was removed, and the index exactly the store's.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.fakes.memory_kills import run


def main() -> int:
    """Print what was killed and what came of it; return 1 if anything was lost or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20261128)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        struck, known, wrong = run(Path(folder), args.kills, args.seed)
    print("| killed during | kills |\n| --- | ---: |")
    for name, count in struck.most_common():
        print(f"| {name} | {count} |")
    print(f"\n{len(known.kept)} memories committed, {len(known.gone)} removed; wrong: {wrong}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
