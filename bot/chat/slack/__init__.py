"""Slack: posting, listening, one workspace or many.

requests (what people do) ──▶ people (who they are) ──▶ handler ──▶ conversation (answers) ──▶ render ──▶ api
chat (briefings) ──▶ render ──▶ api                     socket | web: how Slack reaches us

A payload is JSON: ``place`` ("channel", or "thread" for the first message's thread), ``text`` (the notification) and
``blocks``. A button's ``action_id`` is "wb:VERB:NUMBER"; its ``value`` is its subject, absent where it has none.
"""
