"""What the tests of the vendor's list ask of a CRM, in our own words: for readers who do not have the list."""

from collections.abc import Mapping
from typing import Final

from mock_ctrader.conformance.model import Test

_SAID: Final[Mapping[str, str]] = {
    "api.crm-api-token": (
        "cTrader shows its password and is given a crmApiToken, another one each time. A wrong password is "
        "refused, and brings no token."
    ),
    "api.exchange": (
        "cTrader shows the OT token of a login and is told the user and an accessToken. The token is good once. A "
        "token that nobody issued, and a caller without a good crmApiToken, are refused."
    ),
    "api.verify": (
        "cTrader shows a kept accessToken when the application starts again, and is told the same user. Made-up "
        "tokens, and a caller without a good crmApiToken, are refused."
    ),
    "api.generate": (
        "cTrader names a user who is logged in and is given an OT token for a screen in the application. An "
        "unknown user, and a caller without a good crmApiToken, are refused."
    ),
    "api.new-token": "Asked again, the CRM makes a new OT token; it never hands out one that it has made before.",
    "api.users": "Two users never share an OT token, and each token leads to its own user.",
    "api.expiry": "An OT token that nobody has shown for a minute is refused, and tells nothing of its user.",
    "api.https": "The endpoints are called over https; plain http is refused, or sent on to https.",
    "api.certificate": (
        "The certificate is in its time, for this host, and from an authority that is publicly known; the "
        "connection speaks a version of TLS that is still safe."
    ),
    "api.calls": (
        "Calls that the documentation describes and the list leaves out: they are answered as described, and in time."
    ),
    "design.browsers": (
        "Each screen opens quickly in the common browsers, inside the application. It keeps to the broker's own "
        "business: no 'cTrader ID', no other platform, no chat at the login, no dialogs or windows that open by "
        "themselves, the right legal entities, and a way back."
    ),
    "design.sizes": "The screens fit phones, tablets and desks: nothing scrolls sideways, nothing is cut off.",
    "design.language": (
        "The screens are in the language that lang names; in the broker's own where they do not have it."
    ),
    "design.theme": "The screens are light or dark as theme says, and can be read in both.",
    "design.first-login": "On a device's first login the screen offers to sign up; later it offers to log in.",
    "design.language-and-theme": "lang and theme are obeyed when both are given.",
    "design.reset-password": "Somebody who has forgotten the password finds a control on the login screen that works.",
    "functional.new-user": (
        "Somebody signs up in the application, opens a live account, and is logged in. When the application "
        "starts again the kept accessToken is enough."
    ),
    "functional.log-in": "Somebody who has an account logs in with the password, and comes back later without it.",
    "functional.attribution": "Whoever signs up by a partner's link is counted as that partner's.",
    "functional.deposit": (
        "A deposit is made on the broker's screen inside the application, arrives on the account, and ends on the "
        "success page."
    ),
    "functional.withdrawal": (
        "A withdrawal is made on the broker's screen inside the application, leaves the account, and ends on the "
        "success page."
    ),
    "functional.new-account": "A user who is logged in opens another account; the application shows it.",
    "functional.forms": "Who is shown the form to log in can go on to the one to sign up, and the other way round.",
    "functional.embedded": "cTrader Web opens from the client area, in a frame or in a tab, and the user is logged in.",
    "functional.reset-password": (
        "The mail that the CRM sends leads to a page for a new password, and that into the application. The new "
        "password is good from then on."
    ),
}


def requirement(test: Test) -> str:
    """Return what a test asks, in a sentence or two; blank where its title says it all."""
    return _SAID.get(test.id, "")
