"""What a landing tells: the text of the page, where it leads, and the way there."""

import pytest

from mock_ctrader.platform.forms import Address, AddressKind, Task
from mock_ctrader.screens.addresses import same_site
from mock_ctrader.screens.reading import read_page


def text_of(html: str) -> str:
    return read_page(html, url="http://crm.example.com/").text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<head><title>T</title><style>p{}</style></head><body><p>One</p><p>Two  <b>bold</b>er</p>", "One Two bolder"),
        ("<p hidden>no</p><p style='display : none'><b>nor</b></p><i style='visibility:hidden'>nor</i>yes", "yes"),
        ("<script>x()</script><template><p>t</p></template><svg><text>s</text></svg><img alt='A logo'>", "A logo"),
        ("<label>Name<input value=typed></label><textarea>typed</textarea><button>Send</button>", "Name Send"),
        ("<h3>A</h3><section>B</section><ul><li>C<li>D</ul>", "A B C D"),
        ("a<br>b<hr>c", "a b c"),
        ("", ""),
    ],
)
def test_text_is_what_a_person_reads(html, text):
    """Neither hidden parts nor scripts nor what is typed into fields, all on one line."""
    assert text_of(html) == text


def test_text_of_a_page_is_cut():
    """A very long page does not fill the record."""
    assert len(text_of("<p>word</p>" * 10_000)) == 20_000


async def test_landing_tells_text_addresses_and_way(crm, window):
    """All that a scenario sees of a page comes with the landing, each address of the way there too."""
    crm.redirect("/start", "/home?token=1")
    crm.page(
        "/home",
        "<base href=/area/><p>Hello <b>Ann</b></p><a href='#top'>Top</a> <a href=../deposit>Deposit now</a> "
        "<iframe src='//copy.example.com/widget?a=1' title='Copy'></iframe><a href='ctrader://open'>App</a>"
        "<iframe srcdoc=x></iframe><a href='http://[bad'>x</a><a href='mailto:a@example.com'>Mail</a>",
    )
    landing = await window().open("/start")
    assert landing.text == "Hello Ann Top Deposit now AppxMail"
    assert landing.addresses == (
        Address(f"{crm.base}/deposit", "Deposit now"),
        Address("http://copy.example.com/widget?a=1", "Copy", AddressKind.FRAME),
        Address("ctrader://open", "App"),
    )
    assert landing.visited == (f"{crm.base}/start", f"{crm.base}/home?token=1")


async def test_success_url_is_the_last_that_was_visited(crm, window):
    """Each submit tells its own way, with the success URL at its end."""
    crm.page("/pay", "<form method=post action=/do><input name=amount></form>")
    crm.redirect("/do", "/callback/success?token=t")
    browser = window()
    await browser.open("/pay")
    landing = await browser.submit(Task.DEPOSIT, amount="1")
    assert landing.visited == (f"{crm.base}/do", f"{crm.base}/callback/success?token=t")
    assert (landing.text, landing.addresses) == ("", ())


async def test_a_flood_of_addresses_is_cut(crm, window):
    """A landing tells of a thousand addresses and no more."""
    crm.page("/links", "<a href=/x>x</a>" * 1001)
    assert len((await window().open("/links")).addresses) == 1000


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a.example.com/x", "https://a.example.com:8443/y", True),
        ("http://example.com/", "http://pay.example.com/", True),
        ("http://a.example.com/", "http://b.example.com/", False),
        ("http://badexample.com/", "http://example.com/", False),
        ("ctrader:x", "http://example.com/", False),
    ],
)
def test_a_site_is_a_host_and_its_parts(one, other, same):
    """Ports and schemes do not part a site, and the end of a name alone does not make one."""
    assert same_site(one, other) is same
