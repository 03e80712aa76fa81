"""The command line: flags to settings, settings to wiring, results to exit codes. No logic of its own.

The only place besides adapters and sandbox that knows the clock and the environment, and the owner of Typer and rich.
"""
