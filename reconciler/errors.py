"""One tree of expected failures, each with the exit code that the contract gives it.

An error's text is one sentence for a person: what happened, where, and what to do. Anything that is not a
`ReconcilerError` is a bug (exit code 3).
"""

from collections.abc import Sequence


class ReconcilerError(Exception):
    """Something failed that the message explains."""

    exit_code = 1


class UsageError(ReconcilerError):
    """The command line asks for something impossible."""

    exit_code = 2


class ConfigurationError(ReconcilerError):
    """`reconciler.yaml` is wrong; the text names file, line and key."""

    exit_code = 2


class SourceError(ReconcilerError):
    """Records could not be read from a source."""


class StateError(ReconcilerError):
    """A workspace's Terraform state could not be read."""


class MovingStateError(StateError):
    """Somebody writes a state, or has written it, while it is planned: what a plan found may be his own doing."""


class TerraformError(ReconcilerError):
    """A terraform command failed, timed out, or there is no terraform; `also` says what else it complained of."""

    def __init__(self, message: str, *, also: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.also = tuple(also)


class NotBegunError(TerraformError):
    """Terraform was not started at all."""


class NotInitialisedError(TerraformError):
    """Terraform asks for `terraform init`: the code is not what was initialised."""


class NoWorkspacesError(TerraformError):
    """The backend, initialised as the code says, keeps one state and lists no CLI workspaces."""


class RepositoryError(ReconcilerError):
    """Git refused, or the repository is not in a condition to propose from."""


class ForgeError(ReconcilerError):
    """The pull request could not be opened or read."""


class AwsError(ReconcilerError):
    """An AWS API call outside the sources failed."""


class LedgerError(ReconcilerError):
    """The ledger could not be read or written."""


class SandboxError(ReconcilerError):
    """The embedded AWS could not be started."""
