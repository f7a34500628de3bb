import sqlite3
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
import jinja2
from aiohttp import web

from mock_ctrader.sample_crm.config import CrmConfig
from mock_ctrader.sample_crm.ctrader import CTraderClient
from mock_ctrader.sample_crm.invitations import Invitations
from mock_ctrader.sample_crm.mails import Mail, new_outbox
from mock_ctrader.sample_crm.ribbons import Ribbons
from mock_ctrader.sample_crm.sessions import Sessions, StaffSessions
from mock_ctrader.sample_crm.store import Store
from mock_ctrader.sample_crm.tokens import Tokens


@dataclass(frozen=True, kw_only=True)
class Crm:
    """All that a request handler works with: ``request.app[CRM]``."""

    config: CrmConfig
    store: Store
    tokens: Tokens
    sessions: Sessions
    invitations: Invitations
    staff_sessions: StaffSessions
    ribbons: Ribbons
    ctrader: CTraderClient
    templates: jinja2.Environment
    outbox: deque[Mail]
    now: Callable[[], float]
    """Seconds since 1970."""


CRM = web.AppKey("crm", Crm)


def build_crm(config: CrmConfig, db: sqlite3.Connection, http: aiohttp.ClientSession, now: Callable[[], float]) -> Crm:
    """Put the parts together."""
    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("mock_ctrader.sample_crm"),
        autoescape=True,  # what a user typed is text on our pages, never markup
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return Crm(
        config=config,
        store=Store(db),
        tokens=Tokens(db, now),
        sessions=Sessions(db, now),
        invitations=Invitations(db),
        staff_sessions=StaffSessions(db, now),
        ribbons=Ribbons(db),
        ctrader=CTraderClient(config, http),
        templates=templates,
        outbox=new_outbox(),
        now=now,
    )
