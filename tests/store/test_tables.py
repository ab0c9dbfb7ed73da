"""The tables: what they and their columns are called."""

from __future__ import annotations

import pytest

from bot.store.tables import metadata
from tests.project.test_names import REPLACED_VALUES, words_in

pytestmark = pytest.mark.slow


def test_no_table_or_column_is_called_by_a_word_that_another_replaced():
    stored = {name for table in metadata.tables.values() for name in (table.name, *table.c.keys())}
    assert {name for name in stored if words_in(name) & REPLACED_VALUES} == set()
