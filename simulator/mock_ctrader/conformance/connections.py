"""Tests 6.1.8 and 6.1.9: https, and the certificates of every server that a CRM's addresses name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from mock_ctrader.conformance.model import Condition, Group, Severity, Test
from mock_ctrader.conformance.said import Judgement, broken, kept, untried
from mock_ctrader.timing import Moment
from mock_ctrader.wire import Provenance

DAYS_LEFT = 14
"""Days before its end at which a certificate is to be renewed (assumed)."""
_DAY = 86_400_000
_HTTPS, _CERTIFICATE = "edition 2025, 6.1.8", "edition 2025, 6.1.9"
_EXPIRED, _NOT_YET, _HOST_NAME = 10, 9, frozenset({62, 64})
"""OpenSSL's numbers of what makes a certificate invalid; any other one is about the chain."""

HTTPS = Test(
    id="api.https",
    numbers={"2023": "6.1", "2025": "6.1.8", "2026": "6.1.8"},
    group=Group.API,
    title="every call goes over https",
    conditions=(
        Condition(id="api.https.addresses", title="every address of the CRM is https", section=_HTTPS),
        Condition(id="api.https.answers", title="a request over https is answered", section=_HTTPS),
        Condition(id="api.https.plain-refused", title="one over http is refused, or sent on to https", section=_HTTPS),
    ),
)
CERTIFICATE = Test(
    id="api.certificate",
    numbers={"2023": "6.1", "2025": "6.1.9", "2026": "6.1.9"},
    group=Group.API,
    title="every server has a valid certificate",
    conditions=(
        Condition(id="api.certificate.chain", title="a known authority vouches for it", section=_CERTIFICATE),
        Condition(id="api.certificate.host-name", title="it is for this host name", section=_CERTIFICATE),
        Condition(id="api.certificate.expiry", title="it is good today", section=_CERTIFICATE),
        Condition(
            id="api.certificate.days-left",
            title=f"and for {DAYS_LEFT} more days",
            severity=Severity.NOTE,
            provenance=Provenance.ASSUMED,
            section="no source",
        ),
        Condition(
            id="api.certificate.protocol",
            title="it speaks TLS 1.2 or newer",
            provenance=Provenance.ASSUMED,
            section="no source",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Handshake:
    """What came of connecting to one server over TLS."""

    origin: str
    """``https://host:port``."""
    fault: int = 0
    """OpenSSL's number of what is wrong with the certificate; 0: nothing."""
    told: str = ""
    """The same in words, or why there is no connection."""
    ends: Moment | None = None
    """Until when the certificate is good; nothing where no connection came about."""
    protocol: str = ""
    """``TLSv1.3``."""
    by_own_authority: bool = False
    """It is trusted because the settings name its authority (``crm.ca``), by nobody else."""


@dataclass(frozen=True, slots=True)
class Plain:
    """What came of asking one server over http."""

    origin: str
    status: int | None
    """Nothing where the server did not answer: refused."""
    location: str = ""
    is_call: bool = False
    """One of the endpoints, asked with a wrong password: 401 and 403 are its own answers, not a refusal of http."""


def origins(urls: Iterable[str]) -> tuple[str, ...]:
    """Return the servers of some addresses, each once."""
    parts = [urlsplit(url) for url in urls]
    return tuple(dict.fromkeys(f"{one.scheme}://{one.netloc}" for one in parts))


def is_loopback(url: str) -> bool:
    """Tell an address of this machine, where plain http is for development."""
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.endswith(".localhost") or host.startswith("127.")


def judge_https(
    servers: Sequence[str], handshakes: Sequence[Handshake], plain: Sequence[Plain]
) -> Mapping[str, Judgement]:
    """Judge 6.1.8 by the servers of a CRM, how they spoke https, and what they said over http."""
    insecure = [one for one in servers if not one.startswith("https:")]
    if insecure and all(map(is_loopback, insecure)):
        why = f"{insecure[0]} is plain http on this machine, as for development"
        return {condition.id: untried(why) for condition in HTTPS.conditions}
    silent = [one for one in handshakes if one.ends is None and not one.fault]
    taken = [one for one in plain if not _is_refused(one)]
    return {
        "api.https.addresses": broken(f"{insecure[0]} is plain http") if insecure else kept(", ".join(servers)),
        "api.https.answers": _answered(handshakes, silent),
        "api.https.plain-refused": broken(f"{taken[0].origin} answered {taken[0].status}") if taken else kept(),
    }


def _answered(handshakes: Sequence[Handshake], silent: Sequence[Handshake]) -> Judgement:
    if not handshakes:
        return broken("no address of the CRM is https")
    return broken(f"{silent[0].origin}: {silent[0].told}") if silent else kept()


def _is_refused(plain: Plain) -> bool:
    if plain.status is None or (400 <= plain.status < 500 and not (plain.is_call and plain.status in (401, 403))):
        return True
    return 300 <= plain.status < 400 and plain.location.lower().startswith("https:")


def judge_certificates(handshakes: Sequence[Handshake], now: Moment) -> Mapping[str, Judgement]:
    """Judge 6.1.9 by how every server spoke https; the worst of them counts."""
    if not handshakes:
        return {one.id: untried("no address of the CRM is https") for one in CERTIFICATE.conditions}
    each = [_certificate(one, now) for one in handshakes]
    return {one.id: _worst([judged[one.id] for judged in each]) for one in CERTIFICATE.conditions}


def _certificate(seen: Handshake, now: Moment) -> Mapping[str, Judgement]:
    ids = [one.id for one in CERTIFICATE.conditions]
    if seen.ends is None:
        why = f"{seen.origin}: {seen.told}"
        at_fault = _at_fault(seen.fault)
        return {one: broken(why) if one == at_fault else untried(why) for one in ids}
    days = (seen.ends - now) // _DAY
    own = untried(f"{seen.origin}: crm.ca names its authority; no public one was asked")
    found = (
        own if seen.by_own_authority else kept(),
        kept(),
        kept(f"another {days} days"),
        kept() if days >= DAYS_LEFT else broken(f"{seen.origin}: another {days} days"),
        kept(seen.protocol) if seen.protocol in ("TLSv1.2", "TLSv1.3") else broken(seen.protocol),
    )
    return dict(zip(ids, found, strict=True))


def _at_fault(fault: int) -> str:
    if fault in (_EXPIRED, _NOT_YET):
        return "api.certificate.expiry"
    if fault in _HOST_NAME:
        return "api.certificate.host-name"
    return "api.certificate.chain" if fault else "api.certificate.protocol"


def _worst(judged: Sequence[Judgement]) -> Judgement:
    order = ("NO", "UNKNOWN", "YES")
    return min(judged, key=lambda one: order.index(one.held.name))
