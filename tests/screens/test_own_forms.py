"""Forms of the broker's own: what they demand is filled in, made up where nobody gives it."""

import pytest
from aiohttp import web

from mock_ctrader.errors import ScreenError
from mock_ctrader.platform.forms import Form, ScreenProfile, Task
from mock_ctrader.screens.filling import fill
from mock_ctrader.screens.improvising import chosen, made_up
from mock_ctrader.screens.page import Bounds, Control, Option
from mock_ctrader.screens.reading import read_page
from mock_ctrader.screens.sending import PICTURE
from mock_ctrader.screens.tasks import best_form


def kyc(*fields: str) -> str:
    return f"<form method=post>{''.join(fields)}<button>Send</button></form>"


@pytest.mark.parametrize(
    ("kind", "bounds", "value"),
    [
        ("number", Bounds(), "1"),
        ("number", Bounds(low="18", high="99"), "18"),
        ("range", Bounds(high="0"), "0"),
        ("date", Bounds(), "2020-06-15"),
        ("date", Bounds(low="2024-01-31"), "2024-01-31"),
        ("date", Bounds(high="2010-12-31"), "2010-12-31"),
        ("month", Bounds(), "2020-06"),
        ("month", Bounds(low="2024-02"), "2024-02"),
        ("month", Bounds(high="2010-12"), "2010-12"),
        ("datetime-local", Bounds(), "2020-06-15T12:00"),
        ("datetime-local", Bounds(low="2024-01-31T09:00"), "2024-01-31T12:00"),
        ("time", Bounds(), "12:00"),
        ("week", Bounds(), "2020-W10"),
        ("color", Bounds(), "#336699"),
        ("url", Bounds(), "https://www.example.com/"),
        ("email", Bounds(), "person@example.com"),
        ("tel", Bounds(), "+12025550100"),
        ("text", Bounds(), "Example"),
        ("text", Bounds(shortest="10"), "Example111"),
        ("text", Bounds(longest="3"), "Exa"),
        ("text", Bounds(longest="many"), "Example"),
        ("text", Bounds(pattern=r"[A-Z]{2}\d{6}"), "AA111111"),
        ("text", Bounds(pattern=r"^\d{3}-\d+\.[^0-9]\w?x*$"), "111-1.A"),
        ("text", Bounds(pattern=r"[\d]{4,6}"), "1111"),
        ("text", Bounds(pattern="(a+)+b"), "Example"),
        ("text", Bounds(pattern="a|b"), "Example"),
    ],
)
def test_a_field_gets_something_that_fits_it(kind, bounds, value):
    """Type, bounds and simple patterns are kept to; a pattern that is not simple is left to the CRM."""
    assert made_up(Control(kind=kind, bounds=bounds)) == value


def test_words_around_a_field_tell_numbers_and_days_to_come():
    """A document has a number, and is valid for years to come."""
    assert made_up(Control(kind="text", label="Passport number")) == "AB123456"
    assert made_up(Control(kind="date", name="expiryDate")) == "2035-06-15"


@pytest.mark.parametrize(
    ("options", "taken"),
    [
        ([Option("", "-"), Option("0", "Please choose"), Option("a", "A"), Option("b", "B")], ["a"]),
        ([Option("--", "--"), Option("x", "X", disabled=True), Option("b", "B")], ["b"]),
        ([Option("a", "A"), Option("b", "B", chosen=True)], ["b"]),
        ([Option("", "Select")], [""]),
        ([], []),
    ],
)
def test_the_first_real_option_is_chosen(options, taken):
    """What the page has chosen stays; a prompt is no answer while there is another."""
    assert [option.value for option in chosen(Control(kind="select", options=tuple(options)))] == taken


def test_what_is_demanded_is_filled_and_the_rest_is_left(sent):
    """The person's own facts go first, and what is not required stays empty."""
    html = kyc(
        "<input name=first_name required><input name=shoe><label>Hat *<input name=hat></label>",
        "<select name=document required><option value=''>Choose<option value=p>Passport</select>",
        "<select name=colour><option value=''>-<option>red</select>",
        "<input type=radio name=tax value=a required><input type=radio name=tax value=b>",
        "<input type=checkbox name=mine required><input type=checkbox name=news>",
        "<input name=given required value=kept><textarea name=why required></textarea>",
        "<input name=fixed required readonly><input name=trap hidden required>",
    )
    assert sent(html, Task.PASS_KYC) == [
        ("first_name", "Ann"),
        ("shoe", ""),
        ("hat", "Example"),
        ("document", "p"),
        ("colour", ""),
        ("tax", "a"),
        ("mine", "on"),
        ("given", "kept"),
        ("why", "Example"),
        ("fixed", ""),
        ("trap", ""),
    ]


def test_where_nothing_is_marked_all_that_is_shown_is_filled(sent):
    """A form that leaves checking to the server gets everything but options, advertising and public offices."""
    html = kyc(
        "<input name=document_number><input name=note placeholder='Note (optional)'><input type=hidden name=h>",
        "<select name=kind><option value=''>Choose<option>Passport</select>",
        "<label><input type=checkbox name=true value=1>All this is true</label>",
        "<label><input type=checkbox name=pep>I am a politically exposed person</label>",
        "<label><input type=checkbox name=ads>Newsletter</label>",
        "<input type=checkbox name=income value=job><input type=checkbox name=income value=rent>",
    )
    assert sent(html, Task.TAKE_ACTION) == [
        ("document_number", "AB123456"),
        ("note", ""),
        ("h", ""),
        ("kind", "Passport"),
        ("true", "1"),
        ("income", "job"),
    ]


def test_choice_that_lacks_a_fact_takes_what_there_is(sent):
    """A person from a country that is not on the broker's list gets on; a named choice has to be there."""
    html = kyc("<select name=country required><option value=''>Choose<option>GR</select>")
    assert sent(html, Task.PASS_KYC) == [("country", "GR")]
    with pytest.raises(ScreenError, match="does not offer 'DE'"):
        sent(html.replace("country", "issuer"), Task.PASS_KYC, {"Issuer": "DE"})


def test_name_that_is_a_purpose_elsewhere_is_a_control_here(sent):
    """What means something to other tasks only is the name of a control of the broker's own form."""
    html = kyc("<input name=name required><input name=amount required>")
    assert sent(html, Task.PASS_KYC, {"name": "N", "amount": "5"}) == [("name", "N"), ("amount", "5")]


def test_document_is_uploaded_as_a_picture():
    """A file that is demanded is a PNG with a name, in a part of its own; one that is not stays empty."""
    html = (
        "<form method=post enctype=multipart/form-data><input type=file name=front required>"
        "<input type=file name=back><input name=né required><button>Upload</button></form>"
    )
    page = read_page(html, url="http://crm.example.com/kyc", charset="cp1252")
    profile = ScreenProfile("x:")
    form = best_form(page, Task.PASS_KYC, profile)
    assert form is not None
    made = fill(Form(Task.PASS_KYC, {}), form, page, profile)
    assert made.pairs == (("front", "document.png"), ("back", ""), ("né", "Example"))
    assert b'name="front"; filename="document.png"\r\nContent-Type: image/png\r\n\r\n' + PICTURE in made.body
    assert b'name="back"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n' in made.body
    assert 'name="né"'.encode("cp1252") in made.body


async def test_server_reads_the_picture(crm, window):
    """The upload arrives whole, under the name that the person gives it."""
    crm.page(
        "/kyc",
        "<form method=post action=/take enctype=multipart/form-data><label>Your passport<input type=file name=f>"
        "</label><button>Upload</button></form>",
    )

    async def take(request):
        file = (await request.post())["f"]
        assert (file.filename, file.content_type, file.file.read()) == ("front.png", "image/png", PICTURE)
        return web.Response(text="<p>Thank you", content_type="text/html")

    crm.handlers["/take"] = take
    browser = window()
    await browser.open("/kyc")
    landing = await browser.submit(Task.PASS_KYC, **{"your passport": "front.png"})
    assert landing.text == "Thank you"
    assert browser.visits[-1].submitted == (("f", "front.png"),)


def test_chat_says_something_and_fills_the_rest(sent):
    """A message goes where messages go, and is made up where none is given."""
    html = "<form method=post><input name=subject required><textarea name=t required></textarea><button>Go</form>"
    assert sent(html, Task.CHAT, {"message": "Hello there"}) == [("subject", "Example"), ("t", "Hello there")]
    assert sent(html, Task.CHAT, {"subject": "S"}) == [("subject", "S"), ("t", "Example")]


def test_a_button_may_send_what_is_not_filled_in():
    """``formnovalidate``: a required field that is left blank is no complaint."""
    text = (
        "<form method=post><input name=email required><input name=title required>"
        "<button name=show>Show</button><button name=clear formnovalidate>Clear</button></form>"
    )
    page = read_page(text, url="http://crm.example.com/ribbons")
    values = {"email": "ann@example.com"}
    with pytest.raises(ScreenError, match="demands the field 'title'"):
        fill(
            Form(Task.FILL_IN, values | {"button": "show"}),
            page.forms[0],
            page,
            ScreenProfile("http://crm.example.com/done"),
        )
    sent = fill(
        Form(Task.FILL_IN, values | {"button": "clear"}),
        page.forms[0],
        page,
        ScreenProfile("http://crm.example.com/done"),
    )
    assert sent.pairs == (("email", "ann@example.com"), ("title", ""), ("clear", ""))


def test_the_words_of_a_campaign_are_no_hints():
    """A visitor who came by a newsletter is at a signup form all the same."""
    fields = "<input name=first_name><input name=email type=email><input type=password name=password>"
    text = f"<form method=post action='/auth?utm_source=newsletter&lang=en'>{fields}<button>Send</button></form>"
    page = read_page(text, url="http://crm.example.com/auth?utm_source=newsletter")
    assert best_form(page, Task.SIGN_UP, ScreenProfile("http://crm.example.com/done")) is page.forms[0]
