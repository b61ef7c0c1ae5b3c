"""Cycles of Qt objects are collected in the window's thread, never in another."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.ui.garbage import Collector


class _Knot:
    """A cycle that says in which thread it was untied."""

    def __init__(self, untied: list[str]) -> None:
        self.itself = self
        self.untied = untied

    def __del__(self) -> None:
        self.untied.append(threading.current_thread().name)


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[Collector]:
    parent = QObject()
    yield Collector(parent)
    parent.deleteLater()
    gc.unfreeze()


def test_another_thread_collects_nothing(collector: Collector) -> None:
    untied: list[str] = []
    _Knot(untied)

    kept: list[list[int]] = []
    thread = threading.Thread(target=lambda: kept.extend([at] for at in range(100_000)))
    thread.start()
    thread.join()
    assert not untied
    collector.check()
    assert untied == [threading.main_thread().name]


def test_without_rubbish_nothing_is_done(collector: Collector) -> None:
    gc.collect()
    before = gc.get_stats()
    collector.check()
    assert gc.get_stats() == before
