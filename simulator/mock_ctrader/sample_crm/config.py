from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CrmConfig:
    """What the broker's client area has to be told: where cTrader is, who we are there, and the agreed secrets.

    The defaults fit a simulator on this machine. Spotware hands out the real values.
    """

    ctrader_url: str = "http://127.0.0.1:8765"
    """Base of the calls about users, ``/cid/...``. Users belong to no environment."""

    ctrader_ca: str = ""
    """File with the certificate authority of a cTrader that no public authority vouches for: a simulator with https."""

    plant: str = "sandbox"
    environment_url: str = "{ctrader_url}/{plant}/{environment}"
    """Base of the calls about trading accounts, ``/v2/...``: every environment, demo or live, has its own server."""

    manager_login: int = 2309
    manager_password_hash: str = "0f94e246908667af85916300c57f74b6"
    """MD5 of the manager's password, in hexadecimal: the password itself need not be on this server."""

    broker_name: str = "BESTBROKER"
    broker_crm_name: str = "BESTBROKERCRM"
    """Several brokers (white labels) may share one CRM, hence two names. Both are case-sensitive."""

    api_password: str = "af34mn0pphg2893nmaf26hmy"
    """What cTrader proves itself with when it asks us for a crmApiToken."""

    group_name: str = "Default"
    """The trader group that new accounts go into."""

    confirm_agreement: bool = True
    """Ask new users to accept the terms, and tell cTrader who did: its applications ask everybody else. For a broker
    who leaves all asking to them, False."""

    handoff: bool = True
    """Let users in by cTrader's own tokens, too: for the brokers whose users log in at cTrader."""

    webhook_authorization: str = "Basic ab45da2g34hdb6"
    """What cTrader Invite proves itself with, whole as it stands in the header. Empty: its calls are turned away."""

    test_clock: bool = False
    """Let a test set the clock. Never where anybody else can reach this."""

    quick_passwords: bool = False
    """Hash passwords at next to no cost, for tests with thousands of users. Never where real ones are kept."""

    kyc_review: bool = False
    """Have a document wait for somebody who approves it in the back office; otherwise it is good as it comes."""

    kyc_required: bool = False
    """Open accounts without trading rights until their user has proved the own identity."""

    database: str = ":memory:"
    success_path: str = "/callback/success"
    """The applications close their browser when they see this path, and take the token from its query."""

    public_url: str = ""
    """Where browsers find these pages. Empty: where the request says it was sent, which is good for trying out only.
    A mail with a secret link must never lead to an address that whoever asked for the mail could choose."""

    web_url: str = "http://127.0.0.1:8765/app"
    """Where cTrader Web is, without a slash at the end: the client area shows it in a frame and links to it."""

    brokers: tuple[str, ...] = ("BESTBROKER", "BESTBROKERPRO")
    """All brokers (white labels) that this client area serves: an account may be moved from one to another."""

    staff_password: str = ""
    """What opens the back office, ``/staff``. Without one there is no back office."""

    default_language: str = "en"

    def environment_base(self, environment: str) -> str:
        """Return the base address of one environment's trading server."""
        return self.environment_url.format(ctrader_url=self.ctrader_url, plant=self.plant, environment=environment)
