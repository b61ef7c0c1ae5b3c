"""What can go wrong in the runner, as the parent process and the HTTP client learn it."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Why the process ended; the supervisor turns it into a cause and a remedy."""

    STOPPED = 0
    PARENT_GONE = 3
    MODEL_MISSING = 10
    MODEL_INVALID = 11
    ENGINE_UNFIT = 12
    OUT_OF_MEMORY = 13
    CONTEXT_FAILED = 14
    PORT_IN_USE = 15


class LoadFailed(Exception):
    """The model cannot be served; the process tells why and ends."""

    def __init__(self, exit_code: ExitCode, message: str) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.code = exit_code.name.lower()
        self.message = message


class Refused(Exception):
    """A request that is answered with an error; `fields` go into the error object."""

    def __init__(self, status: int, code: str, message: str, **fields: int) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.fields = fields
