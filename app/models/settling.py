"""Big models are read whole while nobody needs the computer, so that they go by their hash."""

from functools import partial

from app.models.identity import Identities
from app.platform.threads import in_thread


async def settle_all(identities: Identities) -> None:
    """Read every file that goes by a provisional id.

    Whoever stops waiting ends it; the file that was being read is begun anew the next time.
    """
    for path in identities.provisional():
        await in_thread(partial(identities.settle, path))
