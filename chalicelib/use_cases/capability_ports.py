"""What the core asks of capabilities; a port's own methods are the answer where no capability gives one.

Promise: the core asks at one place for each port, before it stores anything, and never whether a capability
is there. A part that refuses raises the HubError that the caller is answered with. Downside: a port can only
narrow what the case's own table allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from chalicelib.domain.errors import ApplicationNotFound

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from chalicelib.domain.agreement.settlement import PayeeAccount
    from chalicelib.domain.appointment import Candidate, CaseMoved
    from chalicelib.domain.case import Case, Context
    from chalicelib.domain.commands import FileDispute
    from chalicelib.domain.dossier import DossierDocument
    from chalicelib.domain.links import PartyLink
    from chalicelib.domain.notices import PartyNotice
    from chalicelib.domain.parties import PartyDetails
    from chalicelib.domain.stages import Action
    from chalicelib.use_cases.papers import TableColumn
    from chalicelib.use_cases.ports import Hub


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Told:
    """The phones that get a message, by person, and the values of its text."""

    phones: Mapping[str, str]
    values: Mapping[str, str]


Who: TypeAlias = tuple[str, str]
"""A court, and the id by which one of its people stands in its cases and in their own tokens."""


class EnrolledInstitution:
    """Who may file, in which names, and where it is paid to. Without a roll, whatever is sent is believed."""

    def check(self, command: FileDispute) -> None:
        """Raise if the institution may not file this."""

    def check_parties(self, case: Case, details: Sequence[PartyDetails]) -> None:
        """Raise if corrected details make somebody else the applicant."""

    def check_payee(self, case: Case, payee: PayeeAccount) -> None:
        """Raise if this is no account of the case's institution."""

    def columns(self, case: Case, table_id: str) -> Sequence[TableColumn]:  # noqa: ARG002 - for who has a roll
        """Return the columns of the institution's own element table for such a case; none without one."""
        return ()


class EligibleMediator:
    """Who may be given a case, and which judge may guide it. Without a roster, whom the centre names."""

    def check(self, mediator_id: str, judge_id: str | None, case: Case, context: Context) -> int | None:
        """Return the most open cases that the mediator may have, if there is a limit.

        Raises MediatorNotEligible or JudgeNotEligible if one of them may not be given this case; a guiding
        judge who stays is not asked about.
        """

    def check_acceptance(self, mediator_id: str, case: Case, context: Context) -> None:
        """Raise MediatorNotEligible if the mediator may no longer take the case it was appointed to."""

    def check_judge(self, judge_id: str, case: Case) -> None:
        """Raise JudgeNotEligible if the judge may not be given this case."""

    def candidates(self, court_id: str) -> Sequence[Candidate]:  # noqa: ARG002 - for who has a roster
        """Return every mediator of a court as it stands, with its cases. Raises StoreBusy."""
        return ()

    def beside(self, moved: CaseMoved | None) -> object | None:  # noqa: ARG002
        """Return what is stored with a change by which a case goes from hand to hand; None for nothing."""
        return None


class NamesOfPeople:
    """What mediators and judges are called. Without a roster, nobody's name is known."""

    def printed(self, people: Collection[Who]) -> Mapping[Who, str]:  # noqa: ARG002 - for who has a roster
        """Return the names for a paper, as last committed; who is not on the roster is left out."""
        return {}

    def shown(self, people: Collection[Who]) -> Mapping[Who, str]:
        """Return the names for an answer of the API; they may be a minute old."""
        return self.printed(people)


class PartyLinks:
    """The links of people without an account. Without them messages have none, and nobody comes in by one."""

    def for_message(
        self,
        case: Case,  # noqa: ARG002 - for who has links
        party_id: str,  # noqa: ARG002
        person_id: str,  # noqa: ARG002
        message_id: str,  # noqa: ARG002
    ) -> str | None:
        """Store the link that goes into a message and return its token: the same one each time."""
        return None

    def find(self, token: str) -> PartyLink | None:  # noqa: ARG002 - for who has links
        """Return the link of a token, as long as it is neither over nor revoked."""
        return None

    def revoked_at(self, case_id: str, party_id: str) -> int | None:  # noqa: ARG002 - for who has links
        """Return when a party's links were last revoked, in epoch seconds; None if they never were."""
        return None


class OwnApplications:
    """Applications that borrowers made themselves. Without them, a filing answers none."""

    def joining(self, hub: Hub, command: FileDispute, case_id: str, context: Context) -> object | None:  # noqa: ARG002
        """Return what is stored with a filing that answers an application; None for any other filing.

        Raises ApplicationNotFound or RuleViolated.
        """
        if command.application_id is not None:
            raise ApplicationNotFound(command.application_id)
        return None

    def told(self, hub: Hub, notice: PartyNotice) -> Told | None:  # noqa: ARG002 - for who has applications
        """Return to whom a message about an application goes; None if it is not true any more."""
        return None


class SecondRecord:
    """What confirms an act that is recorded in a person's name. Without it, the recorder's word is enough."""

    def check(self, case: Case, action: Action, context: Context) -> None:
        """Raise if the act needs another record beside the recorder's, and there is none."""


class DefencesForCourt:
    """What respondents say in their defence and want the court to read. Without it, nothing."""

    def documents(self, case: Case) -> Iterable[DossierDocument]:  # noqa: ARG002 - for who keeps defences
        """Return the statements for the dossier of a suit that is being built."""
        return ()


class DraftsSeen:
    """Which judges have seen the draft of an agreement. Without guidance, none."""

    def judges(self, case: Case) -> Sequence[str]:  # noqa: ARG002 - for who has guidance
        """Return the ids of the judges who have seen a draft of the case's agreement."""
        return ()


class CourtEvidence:
    """Which evidence goes to the court. Without it, none but the case's own papers."""

    def documents(self, case: Case) -> Iterable[DossierDocument]:  # noqa: ARG002 - for who has evidence
        """Return the evidence for the dossier that is being built."""
        return ()
