"""Who may read what: the rule itself, and the two ways to narrow a reader."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from bot.model.chat import Channel
from bot.model.scope import SHARED, Scope, Visibility, audience, common, readable

WORKSPACES = ("", "T1", "T2")
CHANNELS = ("", "slack:T1/C1", "slack:T1/C2", "webhook:news")
SCOPES = [
    Scope(workspace=w, channel=c, visibility=v)
    for w, c, v in itertools.product(WORKSPACES, CHANNELS, Visibility)
]
scopes = st.sampled_from(SCOPES)
DESK = Channel(platform="slack", workspace="T1", id="C1").scope
OTHER = Channel(platform="slack", workspace="T1", id="C2").scope
ELSEWHERE = Channel(platform="slack", workspace="T2", id="C1").scope


def test_a_channel_reads_what_is_shared_its_workspaces_and_its_own():
    of_workspace = Scope(workspace="T1", channel="slack:T1/C2", visibility=Visibility.WORKSPACE)
    rows = (SHARED, of_workspace, DESK, OTHER, ELSEWHERE)
    assert [row for row in rows if readable(row, by=DESK)] == [SHARED, of_workspace, DESK]
    assert [row for row in rows if readable(row, by=ELSEWHERE)] == [SHARED, ELSEWHERE]
    assert [row for row in rows if readable(row, by=SHARED)] == [SHARED]


def test_places_without_a_workspace_share_nothing_for_it():
    of_nowhere = Scope(channel="webhook:news", visibility=Visibility.WORKSPACE)
    assert not readable(of_nowhere, by=Channel(platform="webhook", id="other").scope)


@given(scopes, scopes, scopes)
def test_what_a_row_may_rest_on_is_read_by_all_its_readers(row, other, by):
    if readable(row, by=by) and readable(other, by=audience(row)):
        assert readable(other, by=by)


@given(scopes, scopes, scopes)
def test_what_two_read_in_common_is_read_by_each(one, two, row):
    assert common(one, two) == common(two, one)
    if readable(row, by=common(one, two)):
        assert readable(row, by=one)
        assert readable(row, by=two)
