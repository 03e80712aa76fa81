"""All I/O: CloudTrail, states, terraform, git, forges, ledger.

Each module fulfils a Protocol of `reconciler.ports` (or is one function that `cli` wires). Adapters import the model,
errors and ports, never a room; each outside library has one owner here.
"""
