"""What a function may be given, by name: its settings and the statements of its policy, always together.

Promise: a function has a resource's settings exactly if it may use the resource, since one name gives both;
each statement lists its actions and names its resource. Whatever is encrypted under the hub's key also needs
the key, through the service that holds it. Downside: a use that no function had before needs its entry here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from infra.template.intrinsics import Template, arn, att, ref, sub
from infra.template.storage import INDEXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def allow(
    sid: str,
    actions: str | Sequence[str],
    resource: Template | list[Template] | str,
    condition: Template | None = None,
) -> Template:
    """Return a statement that allows actions on a resource."""
    allowed = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": actions if isinstance(actions, str) else list(actions),
        "Resource": resource,
    }
    return allowed if condition is None else {**allowed, "Condition": condition}


def key_through(*services: str) -> Template:
    """Return the condition that the hub's key is used by these services on the function's behalf.

    A service uses the global suffix or the region's own in its name; both are allowed.
    """
    suffixes = ("amazonaws.com", "${AWS::URLSuffix}")
    hosts = [sub(f"{service}.${{AWS::Region}}.{suffix}") for service in services for suffix in suffixes]
    return {"StringEquals": {"kms:ViaService": hosts}}


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A use: the settings that name its resources, and the statements that allow it."""

    settings: Template = field(default_factory=dict)
    statements: tuple[Template, ...] = ()
    decrypts: tuple[tuple[str, str], ...] = ()
    """What it decrypts with the hub's key (a name for the Sid), and through which service."""
    key_statements: tuple[Template, ...] = ()


_ROW_ACTIONS: Final = tuple(f"dynamodb:{action}" for action in ("Query", "PutItem", "UpdateItem"))
_TABLE_KEY: Final = allow(
    "UseTheKeyThroughTable",
    [
        f"kms:{a}"
        for a in ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo")
    ],
    att("Key"),
    key_through("dynamodb"),
)
_OF_AN_INSTITUTION: Final = {"Null": {"kms:EncryptionContext:institution_id": "false"}}
_TABLE: Final = {"HUB_TABLE": ref("Table")}
_KEY: Final = {"HUB_KMS_KEY_ID": att("Key")}
_DOCUMENTS: Final = {"HUB_DOCUMENTS_BUCKET": ref("DocumentsBucket")}
_PARTNERS: Final = {"HUB_PARTNERS_SECRET": ref("PartnersSecret")}
_SECRETS: Final = (("Secrets", "secretsmanager"),)


def _indexes(*names: str) -> list[Template]:
    return [sub(f"${{Table.Arn}}/index/{name}") for name in names]


def _documents(folder: str) -> Template:
    return sub(f"${{DocumentsBucket.Arn}}/{folder}/*")


def _encrypt(what: str) -> Template:
    return allow(f"Encrypt{what}", "kms:GenerateDataKey", att("Key"), key_through("s3"))


def _partners(sid: str) -> Grant:
    statement = allow(sid, "secretsmanager:GetSecretValue", ref("PartnersSecret"))
    return Grant(settings=_PARTNERS, statements=(statement,), decrypts=_SECRETS)


def _state_machine(sid: str) -> Grant:
    executions = arn("states", "execution:${MediationStateMachine.Name}:*")
    return Grant(
        settings={"HUB_STATE_MACHINE_ARN": ref("MediationStateMachine")},
        statements=(
            allow(
                sid,
                ("states:StartExecution", "states:SendTaskSuccess", "states:SendTaskFailure"),
                ref("MediationStateMachine"),
            ),
            allow("LookAtExecutions", "states:DescribeExecution", executions),
        ),
    )


GRANTS: Final = {
    "cases": Grant(
        settings=_TABLE,
        statements=(allow("ReadAndWriteCases", _ROW_ACTIONS, att("Table")),),
        key_statements=(_TABLE_KEY,),
    ),
    # A case that ends frees its claim, and a corrected id number its look-up.
    "deletions": Grant(statements=(allow("DeleteClaimsAndLookUps", "dynamodb:DeleteItem", att("Table")),)),
    "lists": Grant(
        statements=(
            allow("ListCases", "dynamodb:Query", _indexes(*(name for name in INDEXES if name != "due"))),
        ),
    ),
    "due_index": Grant(statements=(allow("FindWhatIsDue", "dynamodb:Query", _indexes("due")),)),
    # What stands beside a case, by itself.
    "one_record": Grant(statements=(allow("ReadOneRecord", "dynamodb:GetItem", att("Table")),)),
    # A case and what stands beside it, in one call.
    "cases_together": Grant(statements=(allow("ReadCasesTogether", "dynamodb:BatchGetItem", att("Table")),)),
    "notices": Grant(
        settings=_TABLE,
        statements=(
            allow(
                "ReadAndClearNotices",
                ("dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:PutItem"),
                att("Table"),
            ),
        ),
        key_statements=(_TABLE_KEY,),
    ),
    "stream": Grant(
        statements=(
            allow(
                "ReadTheStream",
                ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
                # Of whatever name: a table that was restored has another stream.
                sub("${Table.Arn}/stream/*"),
            ),
            allow("FindTheStream", "dynamodb:ListStreams", sub("${Table.Arn}/stream/*")),
        ),
        key_statements=(
            allow(
                "UseTheKeyThroughTable",
                ("kms:Decrypt", "kms:DescribeKey"),
                att("Key"),
                key_through("dynamodb"),
            ),
        ),
    ),
    "courts": Grant(settings={"HUB_COURTS": ref("Courts")}),
    "issuers": Grant(settings={"HUB_ISSUERS": ref("Issuers")}),
    "message_gateway": Grant(
        settings={
            "HUB_SMS_URL": ref("SmsUrl"),
            "HUB_LINK_BASE": ref("LinkBase"),
            "HUB_QUIET_HOURS": ref("QuietHours"),
        }
    ),
    # How people meet from afar; the video host's key stands in the partners' secret.
    "meetings": Grant(
        settings={"HUB_VIDEO_HOST": ref("VideoHost"), "HUB_CONFERENCE_NUMBER": ref("ConferenceNumber")}
    ),
    "drawing": Grant(),  # the layer with what draws papers: see `infra.template.functions`
    "public_url": Grant(),  # its value is the stage's: see `infra.template.functions`
    "sign_messages": _partners("SignMessages"),
    "verify_partners": _partners("VerifyPartners"),
    "state_machine": _state_machine("DriveTheMachine"),
    "restart_cases": _state_machine("RestartCases"),
    # For messages to a court: write dossiers, read the agreements that the court has to confirm.
    "dossiers": Grant(
        settings=_DOCUMENTS,
        statements=(
            allow("WriteDossiers", "s3:PutObject", _documents("dossiers")),
            allow("ReadAgreements", "s3:GetObject", _documents("papers")),
        ),
        decrypts=(("Agreements", "s3"),),
        key_statements=(_encrypt("Dossiers"),),
    ),
    # For callers of the API: read dossiers, make and read papers.
    "papers": Grant(
        settings=_DOCUMENTS,
        statements=(
            allow("ReadDossiers", "s3:GetObject", _documents("dossiers")),
            allow("KeepPapers", ("s3:GetObject", "s3:PutObject"), _documents("papers")),
        ),
        decrypts=(("Dossiers", "s3"),),
        key_statements=(_encrypt("Papers"),),
    ),
    "personal_data": Grant(
        settings=_KEY,
        key_statements=(allow("OpenPersonalData", "kms:Decrypt", att("Key"), _OF_AN_INSTITUTION),),
    ),
    "new_personal_data": Grant(
        settings=_KEY,
        key_statements=(
            allow(
                "SealAndOpenPersonalData",
                ("kms:GenerateDataKey", "kms:Decrypt"),
                att("Key"),
                _OF_AN_INSTITUTION,
            ),
        ),
    ),
    "signing_certificate": Grant(settings={"HUB_SIGNING_CERTIFICATES": ref("SigningCertificates")}),
    "signing": Grant(
        settings={
            "HUB_SIGNING_KEY_ID": att("SigningKey"),
            "HUB_SIGNING_CERTIFICATES": ref("SigningCertificates"),
            "HUB_TIMESTAMP_URL": ref("TimestampUrl"),
            "HUB_TRUSTED_ROOTS": ref("TrustedRoots"),
        },
        key_statements=(allow("SignAgreements", "kms:Sign", att("SigningKey")),),
    ),
}
"""By the name that a function's row has for it."""


def settings(uses: Iterable[str]) -> Template:
    """Return the environment variables that go with what a function uses."""
    return {name: value for use in uses for name, value in GRANTS[use].settings.items()}


def statements(uses: Iterable[str]) -> list[Template]:
    """Return the statements of a policy that allows these uses; raises KeyError for a use without a grant."""
    grants = [GRANTS[use] for use in uses]
    decrypts = [entry for grant in grants for entry in grant.decrypts]
    what = "And".join(name for name, _ in decrypts)
    services = dict.fromkeys(service for _, service in decrypts)
    return [
        *(statement for grant in grants for statement in grant.statements),
        *(statement for grant in grants for statement in grant.key_statements),
        *([allow(f"Decrypt{what}", "kms:Decrypt", att("Key"), key_through(*services))] if decrypts else []),
    ]
