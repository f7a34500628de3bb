"""What is read of a page: title, alerts, headings."""

import pytest

from mock_ctrader.screens.addresses import mask, origin_headers, same_place, token_of
from mock_ctrader.screens.reading import read_page


def read(html: str):
    return read_page(html, url="http://crm.example.com/a/b")


def test_title_is_that_of_the_page():
    """Titles of drawings are not the page's, and a very long one is cut."""
    assert read("<svg><title>Logo</title></svg><title>Page &amp; more</title>").title == "Page & more"
    assert read(f"<title>{'x' * 300}</title>").title == "x" * 200 + "..."


@pytest.mark.parametrize(
    ("html", "alerts"),
    [
        ("<p role=alert>One</p><p class='msg ErrorText'>Two<br>lines</p>", ("One", "Two lines")),
        ("<div class=alert><span class=invalid-feedback>Inner</span> outer</div>", ("Inner",)),
        ("<div class=has-error><label>E-mail</label><input class=is-invalid name=e><i>Unknown</i></div>", ("Unknown",)),
        ("<p role=alert hidden>No</p><div style='display:none'><p class=error>Nor</p></div>", ()),
        ("<p class=error>Same</p><p class=error>Same</p><p class=alert><script>x()</script></p>", ("Same",)),
        ("<label class=error>E-mail</label><select class=error><option>1</select>", ()),
    ],
)
def test_alerts_are_what_a_person_reads_as_such(html, alerts):
    """Marked by role or class, visible, the innermost text, each once."""
    assert read(html).alerts == alerts


def test_a_flood_of_alerts_is_cut():
    """A page that is one alert after the other does not fill the message."""
    assert len(read("".join(f"<p class=error>{n}" for n in range(99))).alerts) == 20


def test_headings_belong_to_the_form_they_stand_over():
    """A heading counts for the form around it or the next one, not for the one after."""
    page = read("<h1>A</h1><form><legend>B</legend></form><form></form><h2>C</h2><form></form><h3>D</h3>")
    assert [form.heading for form in page.forms] == ["A B", "", "C"]


def test_base_is_resolved_and_nonsense_ignored():
    """The first base counts, relative to the page."""
    assert read("<base target=x><base href=../c/><base href=/d>").base == "http://crm.example.com/c/"
    assert read("<base href='http://[bad'>").base == "http://crm.example.com/a/b"


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("http://h/p?token=abc&x=1&code=2#token=3", "http://h/p?token=***&x=1&code=***#token=***"),
        ("/p?ACCESSTOKEN=a;crmApiToken=b&inappToken=c", "/p?ACCESSTOKEN=***;crmApiToken=***&inappToken=***"),
        ("/p?next=%2Fcb%3Ftoken%3Dabc%26x%3D1", "/p?next=%2Fcb%3Ftoken%3D***%26x%3D1"),
        ("http://ann:pw@h/?mytoken=1", "http://***@h/?mytoken=1"),
        ("/p?token=", "/p?token=***"),
    ],
)
def test_secrets_of_addresses_are_masked(url, masked):
    """Tokens are hidden wherever they stand in an address; all else stays readable."""
    assert mask(url) == masked


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("HTTP://CRM.example.com:80/done?x=1#y", True),
        ("http://crm.example.com/d%6Fne", True),
        ("https://crm.example.com/done", False),
        ("http://crm.example.com:8080/done", False),
        ("http://crm.example.com/done/", False),
        ("http://example.com/done", False),
    ],
)
def test_places_are_compared_by_scheme_host_port_and_path(url, same):
    """Case of the host, the usual port, percent-encoding, query and fragment make no difference."""
    assert same_place(url, "http://crm.example.com/done") is same


def test_token_is_the_first_that_is_not_blank():
    """A blank token is none."""
    assert token_of("http://h/?token=&token=b") == "b"
    assert token_of("http://h/?token=") is None


def test_referer_goes_out_as_far_as_browsers_let_it():
    """The whole page within a site, the site alone across, nothing from https to http."""
    page = "https://ann:pw@crm.example.com/a?b=1#c"
    inside = origin_headers(page, "https://crm.example.com/x", "POST")
    assert inside == {"Origin": "https://crm.example.com", "Referer": "https://crm.example.com/a?b=1"}
    assert origin_headers(page, "https://other.example.com/", "GET") == {"Referer": "https://crm.example.com/"}
    assert origin_headers(page, "http://crm.example.com/", "GET") == {}
    assert origin_headers("", page, "POST") == {}
