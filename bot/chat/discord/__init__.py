"""Discord: posting, listening, what the bot may do in a server.

client (one connection) ──▶ listener ──▶ requests (what people do) ──▶ handler ──▶ conversation (answers) ──▶ render
chat (briefings) ──▶ render ──▶ rest (each call once)                 commands, locales: what can be typed

A payload is JSON: ``place`` (the channel, or the thread of the first message), ``thread_name``, and the body of Discord's
"create message". A button's ``custom_id`` is ``wb:VERB:SUBJECT``; what was posted for a briefing carries its nonce too.
"""
