"""What is in the way between the hub and us, with the buttons that may help."""

from collections.abc import Callable

from app.domain.errors import AppError, HubDown, HubError, HubTokenRefused
from app.models.hub.hub import Hub, Reach
from app.ui.models.errands import Errands
from app.ui.notices import NoticeBar, Offer
from app.ui.said import said


class HubTrouble(NoticeBar):
    """Shows why something could not be had from the hub."""

    def __init__(self, hub: Hub, errands: Errands) -> None:
        super().__init__()
        self._hub = hub
        self._errands = errands

    def show_error(self, error: AppError, again: Callable[[], None]) -> None:
        """Show an error; `again` does once more what failed."""
        retry, test = self.tr("Try again"), self.tr("Test connection")
        if isinstance(error, HubDown | HubTokenRefused):
            self.tell(
                said(error.message),
                said(error.remedy),
                button=test,
                action=lambda: self._test(again),
                other=Offer(retry, again),
            )
        elif isinstance(error, HubError):
            self.tell(said(error.message), said(error.remedy), button=retry, action=again)
        else:
            self.tell_error(error)

    def _test(self, again: Callable[[], None]) -> None:
        self.tell(self.tr("Testing the connection…"))
        self._errands.spawn(self._reach(again), "test the connection")

    async def _reach(self, again: Callable[[], None]) -> None:
        try:
            reach = await self._hub.reach()
        except AppError as error:
            self.show_error(error, again)
            return
        words = self.tr("%1 answers.").replace("%1", reach.endpoint)
        self.tell(words, self._account(reach), button=self.tr("Try again"), action=again)

    def _account(self, reach: Reach) -> str:
        if reach.user:
            return self.tr("The token is that of %1.").replace("%1", reach.user)
        if reach.has_token:
            return self.tr("It does not say whose token it is.")
        return self.tr("No token is set: only public models can be had.")
