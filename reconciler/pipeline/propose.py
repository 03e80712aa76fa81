"""A confirmed drift in, its remedy out: edited in memory, proven in a scratch clone, proposed as a pull request."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property

from reconciler.drift import compare_task_definitions, planned_changes, planned_outputs
from reconciler.errors import ReconcilerError, RepositoryError
from reconciler.model import (
    AttributeChange,
    Configuration,
    FileEdit,
    Finding,
    JsonObject,
    NeedsPerson,
    PullRequest,
    Remedy,
)
from reconciler.model.plan_changes import PlannedChange
from reconciler.pipeline.adoption import Adoption, adopt_drift
from reconciler.pipeline.checked import Checked
from reconciler.pipeline.confirm import Confirmed
from reconciler.pipeline.endangered import dangers_of, for_a_person
from reconciler.pipeline.findings import fingerprint, is_out_of_code, is_replaced, sentence
from reconciler.pipeline.neighbours import Neighbours, neighbours, sharing
from reconciler.pipeline.revisions import MOVED
from reconciler.pipeline.states import read_states
from reconciler.pipeline.tools import Policy, Tools
from reconciler.pipeline.unadopted import not_adopted
from reconciler.pipeline.unmoved import refuse_moved_state
from reconciler.ports import Forge, Scratch
from reconciler.proposals import branch_name, commit_message
from reconciler.remedy.choose import choose, chosen
from reconciler.remedy.edits import apply, join
from reconciler.remedy.proof import Claim, Proof, Registration, prove
from reconciler.report import mask_diff, pull_request_body, pull_request_title

_STANDS = "proven when the pull request was opened; its edit, its base and the live values in it are the same today"
GONE = "terraform apply would create it again; taking it out of the code needs a person"
"""What ends the drift of a resource that is gone."""
_FORGOTTEN = "the code no longer has it: terraform apply takes it out of the state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A workspace's findings with their remedies; `edits` are the proven ones, joined, where they accumulate."""

    findings: tuple[Finding, ...]
    proofs: int
    problems: tuple[str, ...]
    edits: tuple[FileEdit, ...] = ()


def propose(checked: Checked, tools: Tools, policy: Policy) -> Proposed:
    """Find remedies for what a workspace's check confirmed; without a repository the findings stay as they are."""
    if checked.full_plan is None or tools.repository is None:
        return Proposed(findings=tuple(_unsought(item.finding) for item in checked.confirmed), proofs=0, problems=())
    with Proposer(checked, tools, policy) as proposer:
        findings = tuple(proposer.remedy(item) for item in checked.confirmed)
        return Proposed(
            findings=findings,
            proofs=proposer.proofs,
            problems=tuple(proposer.problems),
            edits=proposer.edits,
        )


def _unsought(finding: Finding) -> Finding:
    if finding.status == "deleted":
        return replace(finding, remedy=Remedy(kind="none", reason=_nothing_to_do(finding)))
    if finding.status != "drift":
        return finding
    return replace(finding, remedy=Remedy(kind="none", reason="a remedy was not asked for (--no-prs)"))


class Proposer:
    """Finds the remedies of one workspace's drifts. One scratch clone serves all of them, made when first needed."""

    def __init__(self, checked: Checked, tools: Tools, policy: Policy) -> None:
        if checked.full_plan is None or checked.configuration is None or checked.state is None:
            raise ValueError("without a drift there is nothing to propose")
        if tools.repository is None:
            raise ValueError("without a repository there is nothing to propose from")
        self._workspace = checked.workspace
        self._untouched = planned_changes(checked.full_plan)
        self._outputs = planned_outputs(checked.full_plan)
        self._configuration: Configuration = checked.configuration
        self._state = checked.state
        self._known = checked.known or checked.state
        self._targets = checked.targets
        self._tools = tools
        self._repository = tools.repository
        self._forge = tools.forge
        self._policy = policy
        self._stack = ExitStack()
        self._scratch: Scratch | RepositoryError | None = None
        self.proofs = 0
        self.edits: tuple[FileEdit, ...] = ()
        self.problems: list[str] = []

    @cached_property
    def _neighbours(self) -> Neighbours:
        """Read the states of the workspaces that share this one's code: only an edit is anything to them."""
        beside = read_states(self._tools, sharing(self._workspace, self._tools.workspaces))
        return neighbours(self._workspace, self._tools.workspaces, beside)

    def __enter__(self) -> Proposer:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    def remedy(self, item: Confirmed) -> Finding:
        """Return the finding with its remedy; problems are collected, not raised."""
        finding = item.finding
        if finding.status != "drift":
            return replace(finding, remedy=Remedy(kind="none", reason=_nothing_to_do(finding)))
        changes = chosen(item.drift, self._workspace.name, self._policy.remediation, "adopt")
        if not changes:
            return replace(finding, remedy=self._not_adopted(item))
        found = tuple(dangers_of(item, changes, self._policy.registries))
        adoption = self._adoption(item, changes)
        if item.unread is not None and self._must_know(adoption) and any(change.path == MOVED for change in changes):
            return replace(finding, remedy=Remedy(kind="adopt", reason=item.unread))
        try:
            if found and not self._policy.insist:
                standing = self._forge.find(self._branch(finding)) if self._forge else None
                return replace(finding, remedy=for_a_person(found, item, adoption, standing))
            if isinstance(adoption, NeedsPerson):
                return replace(finding, remedy=Remedy(kind="none", reason=adoption.reason))
            return replace(finding, remedy=self._prove_and_propose(item, adoption, found))
        except (ReconcilerError, OSError) as error:
            reason = sentence(error)
            if reason not in self.problems:
                self.problems.append(reason)
            return replace(finding, remedy=Remedy(kind="adopt", reason=reason))

    def _adoption(self, item: Confirmed, changes: Sequence[AttributeChange]) -> Adoption | NeedsPerson:
        adoption = adopt_drift(
            item, changes, self._configuration, self._untouched, show_environment=self._policy.show_environment
        )
        if isinstance(adoption, NeedsPerson):
            return adoption
        edited = adoption.registers or item.drift.address, item.drift.address
        objection = next(filter(None, map(self._neighbours.objection, edited)), None)
        return NeedsPerson(objection) if objection else adoption

    def _must_know(self, adoption: Adoption | NeedsPerson) -> bool:
        """Tell whether what is inside a revision must be known: to write it, or to know where its images come from."""
        if isinstance(adoption, NeedsPerson) or adoption.registers is not None:
            return True
        return bool(self._policy.registries) and not self._policy.insist

    def _not_adopted(self, item: Confirmed) -> Remedy:
        remedies = {
            choose(item.drift, change, self._workspace.name, self._policy.remediation)
            for change in item.drift.changes
            if change.disposition == "reverting"
        }
        if "revert" in remedies:
            return Remedy(kind="revert", reason=f"terraform apply in {self._workspace.name} reverts it; the code stays")
        return Remedy(kind="none", reason="remediation is set to report this")

    def _prove_and_propose(self, item: Confirmed, adoption: Adoption, warnings: tuple[str, ...]) -> Remedy:
        scratch = self._open_scratch()
        try:
            files = scratch.write(adoption.edits)
            diff = mask_diff(scratch.diff(), item.finding, show_environment=self._policy.show_environment)
            adopted = {change.path for change in adoption.changes}
            left = tuple(not_adopted(item, adopted, self._workspace.name, self._policy.remediation))
            remedy = Remedy(
                kind="adopt",
                reason=_STANDS,
                files=files,
                diff=diff,
                proof="proven",
                not_adopted=left,
                warnings=warnings,
            )
            finding = _to_propose(item.finding, remedy)
            standing = self._standing(finding, scratch)
            if standing is not None:
                return replace(remedy, pull_request=standing)
            self._tools.progress(f"{self._workspace.name}: proving the remedy of {item.drift.address}")
            plan = self._plan_edited(scratch)
            refuse_moved_state(self._workspace, self._known, self._tools)
            edited = planned_changes(plan)
            outputs = planned_outputs(plan) - self._outputs
            proof = _bounded(prove(_claim(item, adoption, edited), self._untouched, edited, outputs), self._targets)
            remedy = replace(remedy, reason=proof.reason, proof=proof.result)
            if proof.result != "proven":
                return remedy
            replaced = is_replaced(self._untouched.get(item.drift.address))
            if self._policy.accumulate:
                scratch.keep()
                self.edits = join(self.edits, adoption.edits)
                self._configuration = apply(self._configuration, adoption.edits)
                self._untouched = edited
            if self._forge is None:
                return remedy
            finding = replace(finding, remedy=remedy)
            return replace(remedy, pull_request=self._submit(finding, proof, scratch, self._forge, replaced=replaced))
        finally:
            scratch.restore()

    def _standing(self, finding: Finding, scratch: Scratch) -> PullRequest | None:
        """Return the pull request that already says this; the same edit on the same base needs no second proof."""
        branch = self._branch(finding)
        if self._forge is None or not scratch.holds(branch, finding.fingerprint):
            return None
        return self._forge.find(branch)

    def _branch(self, finding: Finding) -> str:
        return branch_name(self._workspace.name, finding.address or "")

    def _plan_edited(self, scratch: Scratch) -> JsonObject:
        self.proofs += 1
        return self._tools.terraform.plan(
            self._workspace,
            "full",
            directory=scratch.root_module,
            state=self._state.local_path,
            show="always",
            targets=self._targets,
        ).json

    def _open_scratch(self) -> Scratch:
        if self._scratch is None:
            try:
                self._scratch = self._stack.enter_context(self._repository.scratch(self._workspace))
            except RepositoryError as error:
                self._scratch = error
        if isinstance(self._scratch, RepositoryError):
            raise self._scratch
        return self._scratch

    def _submit(self, finding: Finding, proof: Proof, scratch: Scratch, forge: Forge, *, replaced: bool) -> PullRequest:
        branch = self._branch(finding)
        title = pull_request_title(finding)
        pushed = scratch.push(branch, commit_message(title, f"Proof: {proof.reason}.", finding.fingerprint))
        if pushed == "human_edited":
            return PullRequest(url="", branch=branch, state="human_edited")
        body = pull_request_body(
            finding, proof.reason, replaced=replaced, show_environment=self._policy.show_environment
        )
        return forge.submit(branch, title, body)


def _to_propose(finding: Finding, remedy: Remedy) -> Finding:
    """Return a finding as its pull request has it: what it says is the same while the edit and what it leaves out are.

    A value that moves beside the edit, as of a count that autoscaling owns, is none of its business.
    """
    left = (AttributeChange(path=each.path, state=None, live=each.why) for each in remedy.not_adopted)
    finding = replace(finding, remedy=remedy)
    said = fingerprint(finding.workspace or "", finding.address or "", (*finding.remedied, *left))
    return replace(finding, fingerprint=said)


def _claim(item: Confirmed, adoption: Adoption, edited: Mapping[str, PlannedChange]) -> Claim:
    registration = None
    if adoption.registers is not None and item.revision is not None:
        planned = edited.get(adoption.registers)
        registration = Registration(
            address=adoption.registers,
            live_name=item.revision.name,
            differences=compare_task_definitions(planned.after if planned else {}, item.revision.live),
        )
    return Claim(address=item.drift.address, attributes=adoption.attributes, registration=registration)


def _bounded(proof: Proof, targets: Collection[str]) -> Proof:
    """Return the proof with what its plans were narrowed to, where they were."""
    if not targets:
        return proof
    covered = f"{len(targets)} address{'' if len(targets) == 1 else 'es'}, with all that the edit can move"
    return replace(proof, reason=f"{proof.reason}; planned apart from what is gone or cannot be planned: {covered}")


def _nothing_to_do(finding: Finding) -> str:
    if finding.status == "deleted":
        return _FORGOTTEN if is_out_of_code(finding) else GONE
    return "terraform apply would change nothing here"
