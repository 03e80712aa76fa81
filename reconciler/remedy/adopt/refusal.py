"""The one way out of an edit that a program must not make."""

from __future__ import annotations


class RefusalError(Exception):
    """An edit is a person's; the text is the sentence for `NeedsPerson`. Never leaves this package."""
