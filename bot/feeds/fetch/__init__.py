"""Requests to outside addresses: bounded, and never to an address that the guard refuses."""
