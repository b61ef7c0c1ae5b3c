"""All engine processes of this program: who runs, in which state, and who may start."""

import asyncio
import shutil
from typing import TYPE_CHECKING, Final

from app.domain.errors import AppError, EngineStartFailed
from app.domain.events import ServerStateChanged
from app.domain.generation import ChatRequest
from app.domain.models import EngineKind, ModelSpec, RoleSpec, Roster
from app.engines.builds import Builds, OneBuild
from app.engines.exits import Exit
from app.engines.keeper import Keeper, Progress
from app.engines.launch import Launcher
from app.engines.restarts import Pace
from app.engines.server import Server
from app.engines.sweep import ChildRegistry
from app.engines.winjob import tie_children_to_us
from app.platform.bus import Bus
from app.platform.net import NetworkPolicy
from app.platform.paths import Paths
from app.platform.tasks import TaskOwner

if TYPE_CHECKING:
    from app.engines.recipe import Recipe

__all__ = ["Server", "Supervisor"]


# In the cache folder: what runners measured about this computer.
COSTS_FOLDER = "speculation"
# In the data folder: conversations that runners set aside; they hold their text.
STATES_FOLDER = "states"
_TRIAL_QUESTION: Final = {"role": "user", "content": "What is the capital of Japan?"}


class Supervisor:
    """The one place that starts and stops engines; everybody else asks it for a server.

    It belongs to the event loop of the main thread, which must outlive the engines: on Linux a
    child is killed when the thread that started it ends.
    """

    def __init__(
        self,
        paths: Paths,
        bus: Bus,
        tasks: TaskOwner,
        policy: NetworkPolicy,
        *,
        engine: EngineKind | Launcher = "runner",
        pace: Pace | None = None,
    ) -> None:
        """Start nothing yet.

        Args:
            paths: where logs and the list of children lie.
            bus: told about every change of state.
            tasks: owns starts and watches.
            policy: makes the connections.
            engine: what to run, or a launcher with the exact command line.
            pace: time and chance for the back-off.
        """
        self._paths = paths
        self._policy = policy
        self._launcher = (
            engine
            if isinstance(engine, Launcher)
            else Launcher(
                engine, costs=paths.cache / COSTS_FOLDER, states=paths.data / STATES_FOLDER
            )
        )
        self._registry = ChildRegistry(paths.data / "engines.json")
        self._bus = bus
        self._tasks = tasks
        self._pace = pace or Pace()
        self.builds: Builds = OneBuild()  # who knows of builds from elsewhere sets it
        self._keepers: dict[str, Keeper] = {}
        self._swept: asyncio.Task[int] | None = None
        self._closed = False
        tie_children_to_us()

    async def forget_texts(self) -> None:
        """Let all engines forget what they have read, and delete what was set aside on disk.

        Called when a chat is deleted: which of these texts were its own, nobody can tell.
        """
        for server in self.servers:
            try:
                await server.client.forget()
            except AppError as error:  # it keeps none, or is just ending
                server.process.log.add(f"-- nothing to forget: {error.message}")
        folder = self._paths.data / STATES_FOLDER
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    @property
    def states(self) -> dict[str, ServerStateChanged]:
        """The last known state of every model that was ever asked for, by model name."""
        return {name: keeper.status for name, keeper in self._keepers.items()}

    @property
    def servers(self) -> tuple[Server, ...]:
        """The servers that are ready now."""
        servers = (keeper.server for keeper in self._keepers.values())
        return tuple(server for server in servers if server is not None)

    async def acquire(self, role: RoleSpec, *, on_progress: Progress | None = None) -> Server:
        """Return a ready server with the role's model; many callers share one start.

        Args:
            role: whose model is wanted; its `load_s` limits the start.
            on_progress: told the loaded fraction while this caller waits.
        """
        await self.sweep()
        if self._closed:
            raise EngineStartFailed("The program is closing.", remedy="Start it again.")
        keeper = await self._keeper(role.model)
        return await keeper.acquire(role, on_progress)

    def follow(self, roster: Roster) -> None:
        """Give models another try that were set aside and are started otherwise from now on."""
        now = {role.model.name: role.model for role in roster.roles}
        for name, keeper in self._keepers.items():
            if (wanted := now.get(name)) is not None and not wanted.starts_like(keeper.model):
                keeper.forgive()

    async def command(self, role: RoleSpec) -> tuple[str, ...]:
        """Return the command that would start the role's model; the key of its door is not in it.

        Raises:
            AppError: it cannot be started here at all.
        """
        launch = await self._recipe(role.model).launch(role, role.model.name, "")
        return tuple(launch.command)

    async def stop(self, model: str) -> None:
        """End the model's process, if there is one; the next acquire starts it anew."""
        keeper = self._keepers.get(model)
        if keeper is not None:
            await keeper.stop()

    async def trial(self, role: RoleSpec, builds: Builds) -> None:
        """Load a model with a certain build, have it say something, and end it again.

        Raises:
            AppError: that did not work; why is in the error.
        """
        from app.engines.starter import Starter  # noqa: PLC0415

        await self.sweep()
        recipe = self._recipe(role.model, Launcher(), builds)
        starter = Starter(self._paths, self._policy, recipe, self._registry)
        outcome = await starter.start(role, lambda _state, _progress, _detail: None)
        if isinstance(outcome, Exit):
            raise outcome.error
        question = ChatRequest(messages=(_TRIAL_QUESTION,), sampling={"max_tokens": 4})
        try:
            said = [chunk async for chunk in outcome.client.chat(question)]
        finally:
            await starter.retire(outcome.process, outcome.client)
        if not said:
            raise EngineStartFailed("The engine said nothing.", remedy="Choose another build.")

    def forgive(self, model: str) -> None:
        """Allow a quarantined model another try."""
        keeper = self._keepers.get(model)
        if keeper is not None:
            keeper.forgive()

    async def sweep(self) -> int:
        """Kill, once, what a crashed run left behind; return how many processes that were."""
        if self._swept is None:
            self._swept = self._tasks.spawn(
                asyncio.to_thread(self._registry.sweep), name="sweep engines"
            )
        await asyncio.wait({self._swept})
        return self._swept.result()

    async def close(self) -> None:
        """End all engines and wait for them; nothing can be acquired afterwards."""
        self._closed = True
        await asyncio.gather(*(keeper.stop() for keeper in self._keepers.values()))

    async def _keeper(self, model: ModelSpec) -> Keeper:
        """Return who keeps a model; who kept it with other settings ends first."""
        while (keeper := self._keepers.get(model.name)) is not None:
            if keeper.model.starts_like(model):
                return keeper
            await keeper.stop()
            if self._keepers.get(model.name) is keeper:
                del self._keepers[model.name]
        return self._new_keeper(model)

    def _new_keeper(self, model: ModelSpec) -> Keeper:
        # With it comes the HTTP library, which the first paint of a window need not wait for.
        from app.engines.starter import Starter  # noqa: PLC0415

        recipe = self._recipe(model)
        starter = Starter(self._paths, self._policy, recipe, self._registry)
        keeper = Keeper(model, starter, self._bus, self._tasks, self._pace)
        self._keepers[model.name] = keeper
        return keeper

    def _recipe(
        self, model: ModelSpec, launcher: Launcher | None = None, builds: Builds | None = None
    ) -> "Recipe":
        """Return how a model is started, by the usual launcher and builds or by others."""
        from app.engines.llama_server.recipe import LlamaServerRecipe  # noqa: PLC0415
        from app.engines.recipe import OwnRecipe  # noqa: PLC0415

        launcher, builds = launcher or self._launcher, builds or self.builds
        if model.engine == "llama-server" and launcher.engine != "mock":
            return LlamaServerRecipe(self._policy, builds=builds)
        return OwnRecipe(launcher, None if launcher.engine == "mock" else builds)
