"""Slack: posting, listening, one workspace or many.

requests (what people do) ──▶ people (who they are) ──▶ handler ──▶ conversation (answers) ──▶ render ──▶ api
chat (briefings) ──▶ render ──▶ api                     socket | web: how Slack reaches us
"""
