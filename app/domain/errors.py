"""Every error a person may see: what happened, why, and what to do about it.

AppError
├── SettingsInvalid          a value in the environment or in .env is wrong
├── RegistryInvalid          model_registry.yaml: file, line, key, nearest valid key
├── RegistryChanged          somebody else changed it while it was edited
├── StorageError             the database or a folder
│   ├── DiskFull
│   ├── NotWritable
│   ├── StorageCorrupt
│   └── StorageUnfit         a file of a newer program, or one no step leads on from
├── InstanceError            another process of this user is in the way
├── NetworkForbidden         the local-only switch, or the policy, said no
├── SecretsUnavailable       no keyring on this machine
├── ModelError               a file on disk
│   ├── ModelMissing
│   ├── ModelInvalid
│   └── ModelKept            it is not ours to delete
├── HubError                 the place models are downloaded from
│   ├── HubDown              it cannot be reached, stalls, or failed itself
│   ├── HubBusy              it asks us to come back later
│   ├── HubTokenRefused      it wants a token, or another one
│   ├── HubGated             the terms of a model have to be accepted first
│   ├── HubMissing           it has no such model or file
│   └── HubAnswerInvalid     something else than a hub answered
├── DownloadError            a file from elsewhere
│   ├── NameRefused          no name for a file
│   ├── FileInTheWay         another file of that name is in the folder
│   ├── AccessRefused        the server wants a key, or an agreement
│   ├── FileGone             the server has no such file
│   ├── SourceUnfit          what the server sends cannot be the file
│   ├── HashMismatch         the bytes are not those that were promised
│   ├── DownloadMissing      the queue holds no such download
│   └── DownloadStands       a wish that does not fit its state
├── BuildError               an engine's build from elsewhere; its leaves stand in `builds.py`
├── EngineError              a process that generates
│   ├── EngineUnfit          the library does not suit this computer
│   ├── EngineStartFailed
│   ├── EngineDied
│   ├── EngineQuarantined
│   ├── EngineStalled
│   ├── EngineAnswerInvalid
│   ├── RemoteDown           another computer does not answer, or answers with a failure
│   ├── RemoteBusy           it asks us to come back later
│   ├── RemoteKeyRefused     it wants a key, or another one
│   ├── RemoteUnfit          it has no such model, or speaks another language
│   ├── MemoryShort
│   ├── BenchRefused         nothing can be measured now
│   └── BenchFailed          the measurement came to nothing
├── TurnError                a question that cannot be answered as asked
│   ├── EmptyMessage
│   ├── ContextExceeded
│   ├── RoleUnknown
│   ├── CannotSee            an image for a model without eyes
│   └── RequestInvalid
├── ConversationMissing
└── MemoriesError            something about what is remembered (`memory_errors.py`)
"""

from typing import ClassVar


class AppError(Exception):
    """Something a person can understand and act on; `code` is stable for translations and tests."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class SettingsInvalid(AppError):
    """A setting from the environment or `.env` has a value that does not fit."""

    code = "settings_invalid"


class RegistryInvalid(AppError):
    """`model_registry.yaml` says something that cannot be followed."""

    code = "registry_invalid"


class RegistryChanged(AppError):
    """The registry is another one than the one a change was made for."""

    code = "registry_changed"


class StorageError(AppError):
    """The database or one of our folders cannot be used."""

    code = "storage"


class DiskFull(StorageError):
    """Nothing more fits on the disk; what was not written is still with the caller."""

    code = "disk_full"


class NotWritable(StorageError):
    """We may not write where we have to."""

    code = "not_writable"


class StorageCorrupt(StorageError):
    """A file of ours is damaged."""

    code = "storage_corrupt"


class StorageUnfit(StorageError):
    """A file has a form this version cannot use; the file itself is as it was."""

    code = "storage_unfit"


class InstanceError(AppError):
    """Another process of this user owns the core and cannot do what was asked."""

    code = "instance"


class NetworkForbidden(AppError):
    """The network policy does not allow this connection."""

    code = "network_forbidden"


class SecretsUnavailable(AppError):
    """No place on this computer keeps secrets for us."""

    code = "secrets_unavailable"


class ModelError(AppError):
    """A model file cannot be used."""

    code = "model"


class ModelMissing(ModelError):
    """The model's file is not there or may not be read."""

    code = "model_missing"


class ModelInvalid(ModelError):
    """The file is no GGUF, is cut short, or is damaged."""

    code = "model_invalid"


class ModelKept(ModelError):
    """The model belongs to another program or to this program itself, so it stays."""

    code = "model_kept"


class HubError(AppError):
    """The hub did not give what was asked for."""

    code = "hub"


class HubDown(HubError):
    """The hub cannot be reached, stopped in mid-answer, or reports a failure of its own."""

    code = "hub_down"


class HubBusy(HubError):
    """The hub takes no more requests for now; `after_s` is how long it asks to wait, 0 unsaid."""

    code = "hub_busy"

    def __init__(self, message: str, *, remedy: str = "", after_s: float = 0.0) -> None:
        super().__init__(message, remedy=remedy)
        self.after_s = after_s


class HubTokenRefused(HubError):
    """The hub wants a token that we do not have, or another one."""

    code = "hub_token_refused"


class HubGated(HubError):
    """The model's terms have to be accepted on its page first."""

    code = "hub_gated"


class HubMissing(HubError):
    """The hub has no such repository, revision or file, or hides it from us."""

    code = "hub_missing"


class HubAnswerInvalid(HubError):
    """The answer is not one of a hub: a web page, half a document, a circle of redirects."""

    code = "hub_answer_invalid"


class DownloadError(AppError):
    """A file could not be brought here."""

    code = "download"


class NameRefused(DownloadError):
    """What should be a file's name cannot be one."""

    code = "name_refused"


class FileInTheWay(DownloadError):
    """There is another file where this one belongs."""

    code = "file_in_the_way"


class AccessRefused(DownloadError):
    """The server does not give the file to us as we are."""

    code = "access_refused"


class FileGone(DownloadError):
    """The server has no such file, or no longer."""

    code = "file_gone"


class SourceUnfit(DownloadError):
    """What the server sends cannot be the file."""

    code = "source_unfit"


class HashMismatch(DownloadError):
    """The bytes are not those that were promised, also when fetched again."""

    code = "hash_mismatch"


class DownloadMissing(DownloadError):
    """There is no such download."""

    code = "download_missing"


class DownloadStands(DownloadError):
    """The download is in a state in which that cannot be done."""

    code = "download_stands"


class EngineError(AppError):
    """A process that generates text failed."""

    code = "engine"


class EngineUnfit(EngineError):
    """The engine's library does not suit this computer or this program."""

    code = "engine_unfit"


class EngineStartFailed(EngineError):
    """The engine did not come up with its model."""

    code = "engine_start_failed"


class EngineDied(EngineError):
    """The engine's process ended in mid-work."""

    code = "engine_died"


class EngineQuarantined(EngineError):
    """The engine crashed too often and is left alone until the user asks for another try."""

    code = "engine_quarantined"


class EngineStalled(EngineError):
    """The engine lives but makes no progress."""

    code = "engine_stalled"


class EngineAnswerInvalid(EngineError):
    """The engine said something that is not its protocol."""

    code = "engine_answer_invalid"


class RemoteDown(EngineError):
    """The remote model's computer does not answer, or answers with a failure of its own."""

    code = "remote_down"


class RemoteBusy(EngineError):
    """The remote asks us to come back later than we can wait."""

    code = "remote_busy"


class RemoteKeyRefused(EngineError):
    """The remote wants a key that we do not have, or another one."""

    code = "remote_key_refused"


class RemoteUnfit(EngineError):
    """The remote has no such model, or does not speak the language we ask in."""

    code = "remote_unfit"


class MemoryShort(EngineError):
    """The model does not fit into memory beside what has to stay there."""

    code = "memory_short"


class BenchRefused(EngineError):
    """Nothing can be measured now, or not of this model."""

    code = "bench_refused"


class BenchFailed(EngineError):
    """A measurement came to nothing, because of the engine or of what the model writes."""

    code = "bench_failed"


class TurnError(AppError):
    """A question that cannot be answered as it was asked."""

    code = "turn"


class EmptyMessage(TurnError):
    """There is nothing to send."""

    code = "empty_message"


class ContextExceeded(TurnError):
    """The message alone is longer than the model can read."""

    code = "context_exceeded"


class RoleUnknown(TurnError):
    """No role of that name can answer."""

    code = "role_unknown"


class CannotSee(TurnError):
    """There is an image in the messages, and no model that reads images."""

    code = "cannot_see"


class RequestInvalid(TurnError):
    """The engine refused the request as it was put."""

    code = "request_invalid"


class ConversationMissing(AppError):
    """The conversation is gone."""

    code = "conversation_missing"
