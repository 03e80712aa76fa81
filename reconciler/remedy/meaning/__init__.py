"""What the code says: expressions read as far as their values can be told for certain.

Enters: the workspace's HCL, its variables, and what tells attributes of resources after the apply. Leaves: values, with
`UNKNOWN` in the place of whatever nobody can tell. Terraform has evaluated the same code for its plan, so that nothing
here need check it; what is not understood is `UNKNOWN`, never a guess.
"""

from reconciler.remedy.meaning.code import Code

__all__ = ["Code"]
