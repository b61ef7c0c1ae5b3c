"""Who plays which role: the registry as a form."""

import asyncio
from contextlib import aclosing

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.benching import Benchmark
from app.domain.errors import AppError, RegistryChanged, RegistryInvalid, RequestInvalid
from app.domain.events import Event, ServerStateChanged
from app.domain.models import Roster, Tier
from app.domain.shelf import Item
from app.models.casting import Candidate, Casting
from app.models.editing import Place
from app.models.form import Form
from app.ui import aio
from app.ui.dialogs import AskText, Confirm
from app.ui.models.change_words import change_lines, place_words
from app.ui.models.role_rows import everybody_words, model_of, overridden_words, role_rows
from app.ui.models.roles_body import RolesBody
from app.ui.models.save_bar import ChangesDialog, SaveBar
from app.ui.models.sheet_look import Look, look
from app.ui.models.tab import Tab
from app.ui.said import said, told
from app.ui.theme import Theme
from app.wiring import App

# So long nobody types before the whole sheet is looked at.
_CALM_MS = 200


class RolesTab(Tab):
    """Owns what is edited; nothing is written before somebody saves it."""

    def __init__(self, core: App, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(core, theme, parent)
        self.form: Form | None = None
        self.role = ""
        self.body = RolesBody(theme, overridden_words(core.settings))
        self.list, self.together = self.body.list, self.body.together
        self.role_form, self.load_form = self.body.role_form, self.body.load_form
        self.bar = SaveBar()
        self._roster: Roster | None = None
        self._items: tuple[Item, ...] = ()
        self._looks = 0
        self._closed = False
        self._subject = ("", "")
        self._measuring: asyncio.Task[None] | None = None
        self._calm = QTimer(self, singleShot=True, interval=_CALM_MS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.body, 1)
        column.addWidget(self.bar)
        self._connect()
        self._leave = core.bus.on(ServerStateChanged, self._server_changed)
        theme.changed.connect(self._edited)

    def refresh(self) -> None:
        """Show the file as it is now; what somebody has changed here and not saved stays."""
        aio.spawn(self._load(), "read the registry")

    def close_core(self) -> None:
        """Stop listening: the core is going down."""
        self._leave()
        self._closed = True
        self._calm.stop()
        self._stop_measuring()
        self._looks += 1

    async def _load(self) -> None:
        if self.form is not None and self.form.changes:
            self._edited()
            return
        try:
            sheet = await asyncio.to_thread(self.core.manager.editor.sheet)
            survey = await self.core.manager.shelf.survey()
        except AppError as error:
            if not self._closed:
                self._show_unreadable(error)
            return
        if self._closed or (self.form is not None and self.form.changes):
            return  # somebody was quicker than the disk
        self._items = survey.items
        self._begin(Form(sheet))

    def _begin(self, form: Form) -> None:
        """Edit a form from now on."""
        self.form = form
        if self.role not in form.roles:
            first = str(form.value(("default_role",)) or "")
            self.role = first if first in form.roles else next(iter(form.roles), "")
        self.body.setEnabled(True)
        self._show_role()
        self._edited()

    def _show_unreadable(self, error: AppError) -> None:
        """Say why there is nothing to edit."""
        self.body.setEnabled(False)
        self.bar.show_changes(0, savable=False)
        self.bar.note.setText("")
        self.bar.tell_problem(told(error))

    def _show_role(self) -> None:
        """Show the chosen role and its model."""
        form = self.form
        if form is None or self.role not in form.roles:
            return
        self.role_form.show_role(form, self.role)
        self._offer_models(form)
        self._show_model(form)

    def _show_model(self, form: Form) -> None:
        model = model_of(form, self._roster, self.role)
        users = [each for each in form.roles if model_of(form, self._roster, each) == model]
        others = [each for each in users if each != self.role]
        self.load_form.show_model(form, model, others)
        self.load_form.offer(self._candidates(form), {}, self._items, model)

    def _offer_models(self, form: Form) -> None:
        model = str(form.value(("roles", self.role, "model")) or "")
        current = model_of(form, self._roster, self.role)
        otherwise = self.tr("%1, chosen by Echelon").replace("%1", current)
        if form.full:
            otherwise = model or self.tr("no model")
        # Until it is known which models the roles have, none of them can be named.
        self.role_form.model.setEnabled(self._roster is not None)
        self.load_form.draft.setEnabled(self._roster is not None)
        self.role_form.offer(self._candidates(form), model, otherwise)

    def _candidates(self, form: Form) -> tuple[Candidate, ...]:
        return self._casting.candidates(form, self._items)

    def _edited(self) -> None:
        """Show at once what a change means for the form; the rest follows when it is calm."""
        form = self.form
        if form is None:
            return
        mistakes = form.mistakes()
        for field in (*self.role_form.fields.values(), *self.load_form.fields.values()):
            field.tell(_mistake_at(mistakes, field.place))
        self.role_form.show_standing(form, self.role)
        self._show_rows(form, mistakes)
        self.bar.show_changes(len(change_lines(form)), savable=not mistakes)
        self.bar.tell_problem(self._mistake_words(mistakes))
        self._calm.start()

    def _show_rows(self, form: Form, mistakes: dict[Place, str]) -> None:
        models = {place[1] for place in mistakes if place[:1] == ("models",) and len(place) > 1}
        wrong = {place[1] for place in mistakes if place[:1] == ("roles",) and len(place) > 1}
        wrong |= {each for each in form.roles if model_of(form, self._roster, each) in models}
        states = self.core.engines.states
        self.list.show_rows(role_rows(form, self._roster, states, wrong), self.role)
        self.counted.emit(len(form.roles))

    def _mistake_words(self, mistakes: dict[Place, str]) -> str:
        if not mistakes:
            return ""
        place, words = next(iter(mistakes.items()))
        line = self.tr("%1: %2. Change it, then save.").replace("%1", place_words(place))
        return line.replace("%2", said(words))

    async def _look(self) -> None:
        """Look at the whole sheet: whether it can be followed, and what it would load."""
        form = self.form
        if self._closed or form is None or form.mistakes():
            return
        self._looks += 1
        mine = self._looks
        try:
            seen = await look(self.core.manager, form, self.role, self._candidates(form))
        except RegistryInvalid as error:
            if mine == self._looks:
                self._show_unsavable(form, error)
            return
        if mine == self._looks:
            self._show_seen(form, seen)

    def _show_unsavable(self, form: Form, error: AppError) -> None:
        self.bar.tell_problem(told(error))
        self.bar.show_changes(len(change_lines(form)), savable=False)
        self.load_form.memory.show_nothing(
            self.tr("What it takes is told when the sheet can be followed.")
        )

    def _show_seen(self, form: Form, seen: Look) -> None:
        first, self._roster = self._roster is None, seen.roster
        if first:
            self._show_role()
        self._show_rows(form, {})
        self.together.setText(everybody_words(seen.members, seen.budget))
        if seen.load is not None:
            tokens = self.theme.tokens
            colour = tokens.tier(Tier(form.value(("roles", self.role, "tier"))))
            self.load_form.memory.show_load(seen.load, tokens, colour)
            name = seen.load.model.name
            self.load_form.offer(self._candidates(form), seen.pairings, self._items, name)
            self._subject = (name, str(seen.load.model.path))
            if self._measuring is None:
                self.load_form.bench.show_found(seen.measured)

    def _choose(self, role: str) -> None:
        self.role = role
        self.load_form.memory.show_nothing("")
        self._show_role()
        self._edited()

    def _pick_model(self, candidate: Candidate) -> None:
        """Give the role another model."""
        form = self.form
        if form is None:
            return
        self._spell_out()
        name = self._casting.take(form, candidate)
        form.put(("roles", self.role, "model"), name)
        self._show_role()
        self._edited()

    def _pick_draft(self, candidate: Candidate) -> None:
        """Let another model draft."""
        form, field = self.form, self.load_form.draft
        if form is not None:
            field.put(self._casting.take(form, candidate))
            self._offer_models(form)

    @property
    def _casting(self) -> Casting:
        return Casting(self.core.paths, self.core.manager.editor.target)

    def _spell_out(self) -> None:
        """Name the models in the registry, where it has not done so."""
        if self.form is not None and self._roster is not None:
            self.form.spell_out(self._roster)

    def _spell_out_and_show(self) -> None:
        self._spell_out()
        self._show_role()
        self._edited()

    def _answer_first(self) -> None:
        if self.form is not None:
            self.form.put(("default_role",), self.role)
            self._edited()

    async def _add_role(self) -> None:
        form = self.form
        dialog = AskText(self.tr("Name of the new role"), "", self.tr("Add"), self)
        if form is None or not await aio.ask(dialog):
            return
        model = str(form.value(("roles", self.role, "model")) or "") if form.full else ""
        try:
            self.role = form.add_role(dialog.text, Tier.C, model)
        except RequestInvalid as error:
            self.bar.tell_problem(told(error))
            return
        self._show_role()
        self._edited()

    async def _remove_role(self) -> None:
        form, role = self.form, self.role
        question = self.tr(
            "Remove the role “%1”? Its model stays installed; nothing is written until you save."
        ).replace("%1", role)
        if form is None or not await aio.ask(Confirm(question, self.tr("Remove"), self)):
            return
        form.remove_role(role)
        self.role = next(iter(form.roles), "")
        self._show_role()
        self._edited()

    def _undo(self) -> None:
        if self.form is not None:
            self.form.undo()
            self.bar.note.setText(self.tr("All changes were undone."))
            self._begin(self.form)
            self.refresh()

    async def _save(self) -> None:
        form = self.form
        if form is None or form.mistakes():
            return
        lines = change_lines(form)
        effect = self.tr("Counts from the next question on.")
        if not lines or not await aio.ask(ChangesDialog(lines, effect, self)):
            return
        try:
            await self.core.roster.apply(form.changes, form.sheet.revision)
        except RegistryChanged as error:
            await self._move(form, error)
            return
        except AppError as error:
            self.bar.tell_problem(told(error))
            return
        self.form = None
        await self._load()
        saved = self.tr("Saved. %1 The file as it was before is kept.").replace("%1", effect)
        self.bar.note.setText(saved)

    async def _move(self, form: Form, error: AppError) -> None:
        """Take the changes over to the file as somebody else has written it."""
        try:
            both = form.moved_to(await asyncio.to_thread(self.core.manager.editor.sheet))
        except AppError as unreadable:
            self.bar.tell_problem(told(unreadable))
            return
        self._begin(form)
        words = self.tr("It was read again, and your changes are kept. Look at them, then save.")
        if both:
            places = "; ".join(place_words(each) for each in both)
            words += " " + self.tr("Changed in both: %1.").replace("%1", places)
        self.bar.tell_problem(f"{said(error.message)} {words}")

    def _copy_command(self) -> None:
        aio.spawn(self._copy(), "copy a command line")

    async def _copy(self) -> None:
        role = self._roster.find(self.role) if self._roster is not None else None
        if role is None:
            return
        try:
            line = await self.core.manager.loads.command_line(role)
        except AppError as error:
            self.bar.tell_problem(told(error))
            return
        QGuiApplication.clipboard().setText(line)
        self.bar.note.setText(self.tr("The command line was copied."))

    def _bench(self) -> None:
        """Measure the model of the chosen role, as it is loaded now."""
        if self._measuring is None and self._subject[0]:
            self._measuring = aio.spawn(self._measure(*self._subject), "measure a model")

    def _stop_measuring(self) -> None:
        if self._measuring is not None:
            self._measuring.cancel()

    async def _measure(self, name: str, path: str) -> None:
        """Measure a model, by its file if no role has it yet."""
        line = self.load_form.bench
        known = any(each.model.name == name for each in self.core.roster.roles)
        line.show_running(on=True)
        try:
            async with aclosing(self.core.manager.bench.run(name if known else path)) as steps:
                async for step in steps:
                    if isinstance(step, Benchmark):
                        line.show_found(step)
                    else:
                        line.show_step(name, step)
        except AppError as error:
            line.say(told(error))
        except asyncio.CancelledError:
            line.say(self.tr("Nothing more was measured."))
            raise
        finally:
            self._measuring = None
            line.show_running(on=False)

    def _server_changed(self, event: Event) -> None:
        del event
        if self.form is not None and self.isVisible():
            self._show_rows(self.form, self.form.mistakes())

    def _connect(self) -> None:
        self._calm.timeout.connect(lambda: aio.spawn(self._look(), "look at the registry"))
        self.list.chosen.connect(self._choose)
        self.body.add.clicked.connect(lambda: aio.spawn(self._add_role(), "add a role"))
        self.role_form.changed.connect(self._edited)
        self.role_form.picked.connect(self._pick_model)
        self.role_form.first_wanted.connect(self._answer_first)
        self.role_form.removal_wanted.connect(
            lambda: aio.spawn(self._remove_role(), "remove a role")
        )
        self.load_form.changed.connect(self._edited)
        self.load_form.draft_picked.connect(self._pick_draft)
        self.load_form.spell_wanted.connect(self._spell_out_and_show)
        self.load_form.command_wanted.connect(self._copy_command)
        self.load_form.bench.wanted.connect(self._bench)
        self.load_form.bench.stop_wanted.connect(self._stop_measuring)
        self.bar.undo.clicked.connect(self._undo)
        self.bar.save.clicked.connect(lambda: aio.spawn(self._save(), "save the registry"))


def _mistake_at(mistakes: dict[Place, str], place: Place) -> str:
    """Return what is wrong at a place or below it."""
    return next((said(words) for at, words in mistakes.items() if at[: len(place)] == place), "")
