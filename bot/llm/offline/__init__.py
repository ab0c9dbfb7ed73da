"""Models that call no endpoint: the scripted one and recorded replies."""
