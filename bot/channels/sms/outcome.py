"""The clouds' answers to a message that they did not take: what each means and what we do.

Both interfaces know more codes than these; what is not here is tried again later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from bot.channels.base import TransportError

MINUTE, HOUR = 60.0, 3600.0
TOMORROW = -1.0  # wait: until the day's counts start anew
_BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Meaning:
    """`wait`: seconds after which to try again; None: as the queue thinks best."""

    text: str
    permanent: bool = False
    gone: bool = False
    wait: float | None = None


_TEMPLATE = Meaning("the template or its words are not approved", permanent=True)
_ACCOUNT = Meaning("the account needs a person", wait=HOUR)
_BALANCE = Meaning("the balance is used up", wait=HOUR)

TENCENT: dict[str, Meaning] = {
    "FailedOperation.InsufficientBalanceInSmsPackage": _BALANCE,
    "FailedOperation.TemplateIncorrectOrUnapproved": _TEMPLATE,
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": _TEMPLATE,
    "FailedOperation.TemplateUnapprovedOrNotExist": _TEMPLATE,
    "FailedOperation.SignatureIncorrectOrUnapproved": Meaning(
        "the signature is not approved", wait=HOUR
    ),
    "FailedOperation.ContainSensitiveWord": Meaning("a word is not allowed", permanent=True),
    "FailedOperation.PhoneNumberInBlacklist": Meaning("the number has opted out", gone=True),
    "InvalidParameterValue.IncorrectPhoneNumber": Meaning("no such number", gone=True),
    "InvalidParameterValue.ContentLengthLimit": Meaning("the text is too long", permanent=True),
    "InvalidParameterValue.TemplateParameterLengthLimit": _TEMPLATE,
    "InvalidParameterValue.TemplateParameterFormatError": _TEMPLATE,
    "LimitExceeded.PhoneNumberThirtySecondLimit": Meaning("too many to this number", wait=30),
    "LimitExceeded.PhoneNumberOneHourLimit": Meaning("too many to this number", wait=HOUR),
    "LimitExceeded.PhoneNumberDailyLimit": Meaning("too many to this number", wait=TOMORROW),
    "LimitExceeded.PhoneNumberSameContentDailyLimit": Meaning("said too often", wait=TOMORROW),
    "LimitExceeded.AppDailyLimit": Meaning("the day's quota is used up", wait=TOMORROW),
    "LimitExceeded.DeliveryFrequencyLimit": Meaning("too fast", wait=1),
    "RequestLimitExceeded": Meaning("too fast", wait=1),
}
ALIBABA: dict[str, Meaning] = {
    "isv.BUSINESS_LIMIT_CONTROL": Meaning("too many to this number", wait=HOUR),
    "isv.DAY_LIMIT_CONTROL": Meaning("the day's quota is used up", wait=TOMORROW),
    "isv.MONTH_LIMIT_CONTROL": _ACCOUNT,
    "isv.AMOUNT_NOT_ENOUGH": _BALANCE,
    "isv.OUT_OF_SERVICE": _BALANCE,
    "isv.SMS_TEMPLATE_ILLEGAL": _TEMPLATE,
    "isv.TEMPLATE_MISSING_PARAMETERS": _TEMPLATE,
    "isv.TEMPLATE_PARAMS_ILLEGAL": _TEMPLATE,
    "isv.PARAM_LENGTH_LIMIT": _TEMPLATE,
    "isv.SMS_SIGNATURE_ILLEGAL": Meaning("the signature is not approved", wait=HOUR),
    "isv.BLACK_KEY_CONTROL_LIMIT": Meaning("a word is not allowed", permanent=True),
    "isv.MOBILE_NUMBER_ILLEGAL": Meaning("no such number", gone=True),
    "isv.INVALID_PARAMETERS": Meaning("a parameter is wrong", permanent=True),
    "Throttling.User": Meaning("too fast", wait=1),
}
_ACCOUNT_TROUBLE = (
    *("AuthFailure", "UnauthorizedOperation", "isv.ACCOUNT", "isp.RAM", "SignatureDoesNotMatch"),
    *("InvalidAccessKeyId", "InvalidTimeStamp", "SignatureNonceUsed", "IncompleteSignature"),
)
_UNKNOWN = Meaning("an error we do not know")


def refused(codes: Mapping[str, Meaning], code: str, clock: Callable[[], float]) -> TransportError:
    """The error for a cloud's code. What we do not know is tried again later.

    `clock`: seconds since 1970.
    """
    meaning = codes.get(code)
    if meaning is None:
        meaning = _ACCOUNT if code.startswith(_ACCOUNT_TROUBLE) else _UNKNOWN
    wait = _until_midnight(clock()) if meaning.wait == TOMORROW else meaning.wait
    return TransportError(
        f"sms: {meaning.text}",
        permanent=meaning.permanent,
        gone=meaning.gone,
        code=code,
        retry_after=wait,
    )


def _until_midnight(now: float) -> float:
    """Seconds to five past midnight in Beijing."""
    local = datetime.fromtimestamp(now, _BEIJING)
    morrow = (local + timedelta(days=1)).replace(hour=0, minute=5, second=0, microsecond=0)
    return (morrow - local).total_seconds()
