"""Promises about the names of recorded replies: what was shown decides, and nothing else."""

from __future__ import annotations

import pytest

from bot.model.record_key import RECORD_KEY, fence_of, follow_up_key, record_key, stem_of
from bot.model.scope import SHARED, Scope, Visibility

CHANNEL = Scope(workspace="w", channel="c", visibility=Visibility.CHANNEL)


def key(**changes):
    return record_key(**({"version": 1, "scope": SHARED, "articles": ("a", "b"), "known": ("k",)} | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"scope": CHANNEL},
        {"articles": ("a",)},
        {"articles": ("b", "a")},
        {"articles": ("a", "b", "k"), "known": ()},
        {"known": ("l",)},
        {"version": 2},
    ],
)
def test_whatever_was_shown_otherwise_has_another_key(changes):
    assert key(**changes) != key() == key()
    assert RECORD_KEY.fullmatch(key(**changes))


def test_a_new_version_keeps_the_stem_so_that_the_old_reply_is_found():
    assert stem_of(key(version=2)) == stem_of(key(version=1))


def test_each_follow_up_has_a_key_of_its_own():
    keys = {
        key(),
        follow_up_key(key(), purpose="repair", version=1, statements=("x",)),
        follow_up_key(key(), purpose="repair", version=1, statements=("y",)),
        follow_up_key(key(), purpose="second look", version=1, statements=("x",)),
        follow_up_key(key(known=()), purpose="repair", version=1, statements=("x",)),
    }
    assert len(keys) == 5
    assert all(RECORD_KEY.fullmatch(one) for one in keys)


def test_what_is_not_recorded_has_no_follow_up_either():
    assert not follow_up_key("", purpose="repair", version=1, statements=())


def test_a_fence_is_the_same_for_a_key_and_differs_between_keys():
    assert fence_of(key()) == fence_of(key())
    assert fence_of(key()) != fence_of(key(known=()))
    assert len(fence_of(key())) == 12


@pytest.mark.parametrize("odd", ["", "../etc/passwd", "update-abc-v1", "update-aaaaaaaaaaaaaaaa"])
def test_what_is_no_key_is_refused(odd):
    with pytest.raises(ValueError, match="no record key"):
        fence_of(odd)
