"""Slack: posting, listening, one workspace or many.

requests (what people do) ──▶ people (who they are) ──▶ handler ──▶ conversation (answers) ──▶ render ──▶ api
chat (briefings) ──▶ render ──▶ api                     socket | http: how Slack reaches us

A payload is JSON: ``text`` (the notification), ``blocks``, and ``thread``: whether it stands in the thread of the
first message. A button's ``action_id`` is its verb, a colon and a number; its ``value`` is its subject.
"""
