"""Puts hardware, vision and ui together: object graph, threads, sessions, commands."""

__version__ = "0.1.0"
