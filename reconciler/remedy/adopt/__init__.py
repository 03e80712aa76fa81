"""The remedy `adopt`: the code follows the cloud, by editing literals in place.

Enters: the workspace's HCL, an address, its attribute changes. Leaves: one edit per file in memory, or the sentence
that says why a person must do it. One kind of edit is one module; `adoption.KINDS` lists them. Never guesses, never
leaves a change out, never writes a file.
"""

from reconciler.remedy.adopt.adoption import adopt

__all__ = ["adopt"]
