"""The design tests, 6.2.1 to 6.2.7: what the vendor's staff look at on the screens (edition 2025, 9.2).

The vendor asks for screens that are "displayed correctly", are responsive, show no pop-ups and load in three seconds.
How that is measured stands in no source. What we measure by is marked: tap targets by WCAG 2.5.8 (24 px), contrast by
WCAG 1.4.3 (4.5:1), the line by a common 3G profile. A CRM is warned by these, and never failed.
"""

from collections.abc import Mapping
from typing import Final

from mock_ctrader.conformance.model import Condition, Group, Severity, Test
from mock_ctrader.contract.variant import EditionName
from mock_ctrader.wire import Provenance

_ASSUMED: Final = Provenance.ASSUMED


def _numbers(number: str, in_2023: str = "") -> Mapping[EditionName, str]:
    known: dict[EditionName, str] = {"2025": number, "2026": number}
    return {"2023": in_2023, **known} if in_2023 else known


def _must(name: str, title: str, section: str, provenance: Provenance = Provenance.DOCUMENTED) -> Condition:
    return Condition(id=f"design.{name}", title=title, provenance=provenance, section=section)


def _should(name: str, title: str, section: str, provenance: Provenance = Provenance.DOCUMENTED) -> Condition:
    return Condition(id=f"design.{name}", title=title, severity=Severity.SHOULD, provenance=provenance, section=section)


_RULES: Final = "edition 2025, 6.2.1 and the rules for screens"
_LISTED: Final = "edition 2025, 6.2.{}"

DESIGN: Final[tuple[Test, ...]] = (
    Test(
        id="design.browsers",
        numbers=_numbers("6.2.1", "6.1 screens 2, 5, 6; 6.2 screens 2 to 5"),
        group=Group.DESIGN,
        title="Every screen in the common browsers, by the rules for screens",
        conditions=(
            _must("browsers.chromium", "every screen opens in Chromium, as Chrome and Edge show it", _RULES),
            _must("browsers.firefox", "every screen opens in Firefox", _RULES),
            _must("browsers.webkit", "every screen opens in WebKit, as Safari shows it", _RULES),
            _must("browsers.ctrader-id", "no screen says 'cTrader ID'", _RULES),
            _must("browsers.other-platforms", "no screen names another trading platform", _RULES),
            _must("browsers.legal-entities", "the legal entities and jurisdictions are the right ones", _RULES),
            _must("browsers.tidy", "nothing needless is on the screens", _RULES),
            _must("browsers.chat", "the login screen offers no chat", _RULES),
            _must("browsers.dialogs", "no dialog opens by itself", _RULES),
            _must("browsers.windows", "no further window opens by itself", _RULES),
            _should("browsers.links", "no link or form opens a further window", _RULES, _ASSUMED),
            _must("browsers.in-time", "every screen is loaded within three seconds", _RULES),
            _should("browsers.in-time-3g", "every screen is loaded within three seconds over 3G", _RULES, _ASSUMED),
            _must("browsers.way-back", "every in-app screen can be left by Back or X", "edition 2025, 5.7"),
            _must("browsers.framing", "every screen can be framed by the application", "edition 2025, 6.3.4"),
        ),
    ),
    Test(
        id="design.sizes",
        numbers=_numbers("6.2.2", "6.1 screens 1"),
        group=Group.DESIGN,
        title="Common sizes and ratios",
        conditions=(
            _must("sizes.responsive", "no screen scrolls sideways", _LISTED.format(2)),
            _must("sizes.whole", "nothing is cut off", _LISTED.format(2)),
            _should("sizes.tap-targets", "what is pressed is 24 px or has room (WCAG 2.5.8)", "WCAG 2.2", _ASSUMED),
        ),
    ),
    Test(
        id="design.language",
        numbers=_numbers("6.2.3", "6.1 screens 4; 6.2 screens 1"),
        group=Group.DESIGN,
        title="The screens obey lang",
        conditions=(
            _should("language.english", "lang=en shows English", _LISTED.format(3)),
            _should("language.other", "another supported language is shown", _LISTED.format(3)),
            _should("language.fallback", "an unknown language shows the broker's own", _LISTED.format(3)),
            _should("language.kept", "the address keeps the lang that was asked for", _LISTED.format(3)),
            _should("language.declared", "every page says which language it is in (WCAG 3.1.1)", "WCAG 2.2", _ASSUMED),
        ),
    ),
    Test(
        id="design.theme",
        numbers=_numbers("6.2.4", "6.1 screens 3"),
        group=Group.DESIGN,
        title="The screens obey theme",
        conditions=(
            _should("theme.light", "theme=light shows light pages, also on a dark device", _LISTED.format(4)),
            _should("theme.dark", "theme=dark shows dark pages, also on a light device", _LISTED.format(4)),
            _should("theme.contrast", "text stands out by 4.5:1 in both themes (WCAG 1.4.3)", "WCAG 2.2", _ASSUMED),
        ),
    ),
    Test(
        id="design.first-login",
        numbers=_numbers("6.2.5"),
        group=Group.DESIGN,
        title="The login screen obeys firstLogin",
        conditions=(
            _should("first-login.new-user", "firstLogin=true offers to sign up", _LISTED.format(5)),
            _should("first-login.returning-user", "firstLogin=false offers to log in, no account", _LISTED.format(5)),
        ),
    ),
    Test(
        id="design.language-and-theme",
        numbers=_numbers("6.2.6"),
        group=Group.DESIGN,
        title="lang and theme at once",
        conditions=(_should("language-and-theme.both", "lang and theme are obeyed together", _LISTED.format(6)),),
    ),
    Test(
        id="design.reset-password",
        numbers=_numbers("6.2.7"),
        group=Group.DESIGN,
        title="Reset Password",
        conditions=(_must("reset-password.control", "the login screen has a working control", _LISTED.format(7)),),
    ),
)
"""In the vendor's order."""
CONDITIONS: Final[Mapping[str, Condition]] = {one.id: one for test in DESIGN for one in test.conditions}
"""Every condition of the design tests by its id."""
