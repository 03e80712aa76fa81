"""Raw Terraform states, read from the backend itself where that is cheap, else through `terraform state pull`."""

from reconciler.adapters.states.reader import BackendStateReader

__all__ = ["BackendStateReader"]
