"""A saved plan together with the batches and the tables it was made for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING

from planner.check import find_faults
from planner.errors import InputError, Issue
from planner.keep import booked_of
from planner.reading.documents import (
    Inputs,
    check_worked_out,
    plan_of,
    read_document,
    read_inputs,
    read_terms,
)
from planner.reading.problem import read_hashed_problem
from planner.reading.what_if import read_changes
from planner.what_if import changed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planner.errors import Finding
    from planner.model.plans import Plan
    from planner.model.problem import Problem
    from planner.reading.json_nodes import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A plan document as read, the plan in it, and the problem it was made for.

    Its booked itineraries are what the problem keeps.

    Parameters
    ----------
    batches_sha256
        Of the batch file that was read.
    """

    document: Node
    plan: Plan
    problem: Problem
    inputs: Inputs
    batches_sha256: str

    def find_faults(self) -> list[Finding]:
        """Every rule that the plan breaks; if none, all that its document works out agrees with it.

        Raises
        ------
        InputError
            If the document says of its plan what is not so.
        """
        findings = find_faults(self.problem, self.plan)
        if not findings:
            check_worked_out(self.document, self.problem, self.plan)
        return findings

    def refuse_faults(self) -> None:
        """Make sure that the plan was made on these tables, and that it holds.

        Raises
        ------
        InputError
            If the tables are others, else with every rule it breaks.
        """
        if self._is_of_other_network:
            reason = (
                f"was made on the network {self.inputs.network_sha256[:12]}..., "
                f"these tables are {self.problem.network.digest[:12]}..."
            )
            hint = "name the same --network and --overlay, or plan again"
            where = "/runRecord/inputs/networkSha256"
            raise InputError([Issue(file=self.document.file, column=where, reason=reason, hint=hint)])
        issues = [
            Issue(
                file=self.document.file,
                reason=f"the plan does not hold: {finding}",
                hint="is it of these batches and tables?",
            )
            for finding in self.find_faults()
        ]
        if issues:
            raise InputError(issues)

    @property
    def _is_of_other_network(self) -> bool:
        return self.inputs.network_sha256 not in {"", self.problem.network.digest}

    def notes(self) -> list[str]:
        """What is not as it was when the plan was made."""
        notes = []
        if self._is_of_other_network:
            notes.append("Note: the plan was made on other network tables than these.")
        if self.inputs.batches_sha256 not in {"", self.batches_sha256}:
            notes.append("Note: the plan was made from another batch file than this.")
        return notes


def read_saved(
    plan: tuple[bytes, str],
    batches: tuple[bytes, str],
    network: Path | None,
    overlays: Sequence[Path] = (),
) -> Saved:
    """Read a plan document, and the batches and tables under the terms it names.

    Parameters
    ----------
    plan, batches
        Bytes of the two files, and how faults call them.
    network
        Folder of network tables; ``None`` = the shipped one.
    overlays
        Folders of tables laid over it, as for :func:`~planner.reading.tables.read_network`.

    Raises
    ------
    InputError
        With every fault of the first of them that has any.
    """
    content, name = plan
    document = read_document(BytesIO(content), name)
    terms, found, inputs = read_terms(document), plan_of(document), read_inputs(document)
    problem, batches_sha256 = read_hashed_problem(
        *batches, network, terms.currency, lambda _: terms, inputs.rates_date, overlays=overlays
    )
    switches = (switch.partition(" ")[::2] for switch in inputs.what_if)
    problem = replace(changed(problem, read_changes(problem.network, switches)), kept=booked_of(found))
    return Saved(document=document, plan=found, problem=problem, inputs=inputs, batches_sha256=batches_sha256)
