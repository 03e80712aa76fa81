"""What AWS answers when a feed cannot be read, as a sentence with what to do."""

from __future__ import annotations

from typing import Any

_DENIED = frozenset(
    {"403", "AccessDenied", "AccessDeniedException", "AllAccessDisabled", "KMS.AccessDeniedException"}
    | {"UnauthorizedOperation"}
)
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
_UNKNOWN = frozenset(
    {"InvalidAccessKeyId", "InvalidClientTokenId", "InvalidSignatureException", "SignatureDoesNotMatch"}
    | {"UnrecognizedClientException"}
)


def code_of(error: Exception) -> str:
    """Return the code of an answer of AWS, `""` for any other error."""
    answer = getattr(error, "response", None)
    return str(answer.get("Error", {}).get("Code", "unknown")) if isinstance(answer, dict) else ""


def is_denied(error: Exception) -> bool:
    """Tell whether the caller lacks a permission."""
    return code_of(error) in _DENIED


def explain(error: Exception, what: str, *, service: str, needs: str, check: str, profile: str | None) -> str:
    """Return a sentence about an error of botocore's that says what to do.

    `what` was tried; `service` is its name for people; `needs` is the permission; `check` is what in the
    configuration may be wrong. AWS's own message is left out: it repeats names that others chose.
    """
    from botocore import exceptions

    match error:
        case exceptions.NoCredentialsError() | exceptions.PartialCredentialsError():
            return f"{what}: no AWS credentials were found; set AWS_PROFILE or AWS_ACCESS_KEY_ID, or name a profile"
        case exceptions.ProfileNotFound():
            return f"{what}: there is no AWS profile {profile!r}; add it to the AWS configuration or name another"
        case exceptions.SSOError() | exceptions.TokenRetrievalError():
            return f"{what}: the sign-in has expired; run `aws sso login`"
        case exceptions.NoRegionError():
            return f"{what}: no AWS region is known; set AWS_REGION, or name one in the source"
        case exceptions.ConnectionError() | exceptions.HTTPClientError():
            return f"{what}: {service} cannot be reached; check the network and the region's name"
        case exceptions.ClientError():
            return f"{what}: {_refusal(error, service, needs, check)}"
    return f"{what}: {type(error).__name__}; check the AWS configuration"


def _refusal(error: Any, service: str, needs: str, check: str) -> str:
    code = code_of(error)
    if code in _DENIED:
        return f"access denied; the caller needs the permission {needs}"
    if code in _EXPIRED:
        return "the credentials have expired; sign in again"
    if code in _UNKNOWN:
        return "AWS does not accept the credentials; check the access key and its secret"
    if "Throttl" in code or code == "SlowDown":
        return f"{service} throttles the calls; other programs ask it too, try again later"
    return f"AWS answered {code}; check {check} and try again"
