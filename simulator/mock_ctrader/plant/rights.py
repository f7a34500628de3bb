"""What managers may be allowed to do, and which of it each call needs.

The documentation names one right only, to authenticate users, and does not say which role opens which call
(WebServices 2.3): all of this is assumed.
"""

from collections.abc import Mapping

READ = "READ"
"""See accounts, groups, symbols, positions and attributes."""
WRITE_ACCOUNTS = "WRITE_ACCOUNTS"
"""Open, change and delete accounts, and label accounts and groups."""
MONEY = "MONEY"
"""Move money, credit and bonus."""
USERS = "USERS"
"""Create users, link them to accounts, and act for them."""
AUTHENTICATE_USERS = "AUTHENTICATE_USERS"
"""See who registered (cTrader Invite: documented that the call needs it)."""
SUPER_ADMIN = "SUPER_ADMIN"
"""Touch the attributes of other managers (documented that a super-admin may)."""

ALL_RIGHTS = frozenset({READ, WRITE_ACCOUNTS, MONEY, USERS, AUTHENTICATE_USERS, SUPER_ADMIN})

RIGHT_FOR: Mapping[str, str | None] = {
    "manager_token": None,
    "create_trader": WRITE_ACCOUNTS,
    "read_trader": READ,
    "list_traders": READ,
    "read_subaccounts": READ,
    "replace_trader": WRITE_ACCOUNTS,
    "update_trader": WRITE_ACCOUNTS,
    "delete_trader": WRITE_ACCOUNTS,
    "change_balance": MONEY,
    "change_bonus": MONEY,
    "change_password": WRITE_ACCOUNTS,
    "check_password": READ,
    "withdraw_request": MONEY,
    "list_groups": READ,
    "open_positions": READ,
    "closed_positions": READ,
    "list_symbols": READ,
    "list_deposit_assets": READ,
    "list_trader_attributes": READ,
    "update_trader_attributes": WRITE_ACCOUNTS,
    "delete_trader_attributes": WRITE_ACCOUNTS,
    "list_group_attributes": READ,
    "update_group_attributes": WRITE_ACCOUNTS,
    "delete_group_attributes": WRITE_ACCOUNTS,
    "list_manager_attributes": None,
    "update_manager_attributes": None,
    "delete_manager_attributes": None,
    "create_ctid": USERS,
    "link_trader": USERS,
    "move_trader": USERS,
    "create_user": USERS,
    "set_partner": USERS,
    "read_partner": USERS,
    "delete_partner": USERS,
    "set_inapp_controls": USERS,
    "change_email": USERS,
    "find_user": USERS,
    "logout_user": USERS,
    "accept_agreement": USERS,
    "redeem_inapp_token": USERS,
    "create_copy_code": USERS,
    "invited_users": USERS,
    "registered_users": AUTHENTICATE_USERS,
}
"""The right that each call of the broker needs, by its id; nothing where any manager may make it, as with one's own
attributes, or where no manager is known yet."""
