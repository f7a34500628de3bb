"""Drives a CRM's pages as a person would: the browsers that the applications open."""

from mock_ctrader.screens.browser import FormBrowser

__all__ = ["FormBrowser"]
