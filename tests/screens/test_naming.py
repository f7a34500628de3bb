"""Values that are named like controls of the page, and forms that are found by them."""

import pytest

from mock_ctrader.errors import ScreenError, ScreenRefused
from mock_ctrader.platform.forms import Task
from mock_ctrader.screens.naming import places_of
from mock_ctrader.screens.reading import read_page

FORM = (
    "<form method=post action=/take><input name=documentType id=d1><label>Number of the document *<input name=no>"
    "</label><input name=hint placeholder='Your hint'><p>Before</p><input name=b4><input name=off disabled>"
    "<button name=no>Send</button></form>"
)


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("documentType", 0),
        ("document type", 0),
        ("DOCUMENT_TYPE", 0),
        ("#d1", 0),
        ("number of the document", 1),
        ("no", 1),
        ("Your hint", 2),
        ("before", 3),
        ("off", None),
        ("d1", None),
        ("#no", None),
        ("", None),
        ("#", None),
    ],
)
def test_a_control_is_called_by_name_id_or_label(key, place):
    """Case, blanks and signs do not count; what cannot be filled in is not called."""
    controls = read_page(FORM, url="http://crm.example.com/").forms[0].controls
    assert places_of(key, controls) == (() if place is None else (place,))


def test_a_named_value_goes_before_purpose_and_page(sent):
    """On every task a value for a control wins, over a hidden or a fixed value too."""
    html = (
        "<form method=post><input type=email name=e><input type=password name=p>"
        "<input type=hidden name=campaign value=a>"
        "<label>Contact e-mail<input type=email name=e2 readonly></label><button>Sign up</button></form>"
    )
    values = {"email": "a@example.com", "password": "x", "campaign": "b", "contact e-mail": "c@example.com"}
    assert dict(sent(html, Task.SIGN_UP, values)) == {
        "e": "a@example.com",
        "p": "x",
        "campaign": "b",
        "e2": "c@example.com",
    }


@pytest.mark.parametrize(
    ("value", "ticked"), [("b", ["b"]), ("Letter C", ["c"]), (True, ["a", "b", "c"]), ("no", []), ("yes", [])]
)
def test_of_boxes_with_one_name_the_named_one_is_ticked(sent, value, ticked):
    """A text chooses among the boxes, a flag is for all of them."""
    html = (
        "<form><input type=checkbox name=x value=a required><input type=checkbox name=x value=b>"
        "<label><input type=checkbox name=x value=c>Letter C</label><button>Go</button></form>"
    )
    assert [one for _, one in sent(html, Task.TAKE_ACTION, {"x": value})] == ticked


def test_one_box_is_ticked_by_any_yes(sent):
    """A box that stands alone needs no more than a yes."""
    html = "<form><input type=checkbox name=x><input name=y><button>Go</button></form>"
    assert ("x", "on") in sent(html, Task.TAKE_ACTION, {"x": "sure", "y": ""})
    assert ("x", "on") not in sent(html, Task.TAKE_ACTION, {"x": "no", "y": ""})


async def test_unknown_name_is_told_with_the_nearest(crm, window):
    """A value that no control is called after is an error that names the page's controls, before anything is sent."""
    crm.page("/page", FORM)
    browser = window()
    await browser.open("/page")
    with pytest.raises(ScreenError, match=r"is called 'documentTipe'\. The nearest is 'documentType'") as caught:
        await browser.submit(Task.FILL_IN, documentTipe="passport")
    assert "no [text] 'Number of the document *'" in str(caught.value)
    with pytest.raises(ScreenError, match=r"is called 'qqq' and 'zzz'\. Its controls are: documentType"):
        await browser.submit(Task.FILL_IN, no="1", qqq="1", zzz="2")
    crm.page("/chat", "<form method=post action=/take><textarea name=t></textarea></form>")
    await browser.open("/chat")
    with pytest.raises(ScreenError, match="'topic'"):
        await browser.submit(Task.CHAT, message="Hi", topic="x")
    assert [path for path in crm.paths if path.startswith("POST")] == []


async def test_unknown_name_of_a_task_with_pages_is_told_at_its_end(crm, window):
    """The next page might have had the control."""
    crm.page("/kyc/1", "<h1>Verification</h1><form method=post action=/kyc/2><input name=a><button>Next</form>")
    crm.page("/kyc/2", "<h1>Verification</h1><form method=post action=/take><input name=b><button>Next</form>")
    crm.page("/take", "<p>Thanks")
    browser = window()
    await browser.open("/kyc/1")
    await browser.submit(Task.PASS_KYC, a="1", b="2")
    assert crm.fields[-2:] == [[("a", "1")], [("b", "2")]]
    await browser.open("/kyc/1")
    with pytest.raises(ScreenError, match=r"'c'.* Its controls are: a \[text\], b \[text\]"):
        await browser.submit(Task.PASS_KYC, a="1", c="2")


async def test_a_fact_for_another_page_is_no_error(crm, window):
    """What a person knows beside a login form need not go into it."""
    crm.page("/login", "<form method=post action=/in><input name=email><input type=password name=p></form>")
    crm.page("/in", "<p>In")
    browser = window()
    await browser.open("/login")
    landing = await browser.submit(Task.LOG_IN, email="a@example.com", password="x", shoe_size="42")
    assert landing.text == "In"


ROWS = (
    "<form role=search><input name=q></form><form method=post action=/row><input type=hidden name=user value=1>"
    "<button>Approve</button><button name=do value=no>Refuse</button></form><form method=post action=/row>"
    "<input type=hidden name=user value=2><button>Approve</button><button name=do value=no>Refuse</button></form>"
)


async def test_form_is_found_by_its_controls_and_button(crm, window):
    """Of rows of one kind the one is meant whose own value is named; the button named is pressed."""
    crm.page("/staff", ROWS)
    crm.page("/row", ROWS)
    browser = window()
    await browser.open("/staff")
    await browser.submit(Task.FILL_IN, user="2", button="Refuse")
    assert crm.fields[-1] == [("user", "2"), ("do", "no")]
    await browser.submit(Task.FILL_IN, button="approve")
    assert crm.fields[-1] == [("user", "1")]
    with pytest.raises(ScreenError, match="no form of the page has the button 'Delete'"):
        await browser.submit(Task.FILL_IN, button="Delete")
    with pytest.raises(ScreenError, match="not clear which form"):
        await browser.submit(Task.FILL_IN, keep_logged_in=True)


async def test_only_form_needs_neither_name_nor_button(crm, window):
    """Facts fill in what is required, purposes may be names, and the rest stays as the page has it."""
    crm.page(
        "/page",
        "<form action=/out method=post><button>Log out</button></form><form method=post action=/take>"
        "<input name=email required><input name=name><input name=city><select name=country><option>GR</select>"
        "<input type=file name=f><button>Save</button></form>",
    )
    crm.page("/take", "<p>Saved")
    browser = window()
    await browser.open("/page")
    await browser.submit(Task.FILL_IN, email="a@example.com", first_name="Ann", button="")
    assert crm.fields[-1] == [("email", "a@example.com"), ("name", ""), ("city", ""), ("country", "GR"), ("f", "")]
    await browser.open("/page")
    await browser.submit(Task.FILL_IN, email="b@example.com", name="N", city="C")
    assert crm.fields[-1][:3] == [("email", "b@example.com"), ("name", "N"), ("city", "C")]


async def test_button_may_be_a_link(crm, window):
    """What looks like a button is pressed like one."""
    crm.page("/page", "<a class=button href=/next>Invite a friend</a>")
    crm.page("/next", "<p>Next")
    browser = window()
    await browser.open("/page")
    assert (await browser.submit(Task.FILL_IN, button="Invite a friend")).text == "Next"


async def test_filled_form_that_stays_is_refused_with_an_alert_only(crm, window):
    """A list with its form is shown again after every entry; with an alert the entry was not taken."""
    form = "<form method=post action=/page><input name=title><button>Add</button></form>"
    crm.page("/page", f"<div class='alert alert-success'>Added</div>{form}")
    browser = window()
    await browser.open("/page")
    assert (await browser.submit(Task.FILL_IN, title="A")).text == "Added Add"
    crm.page("/page", f"<p role=alert>Too long</p>{form}")
    with pytest.raises(ScreenRefused, match="'Too long'"):
        await browser.submit(Task.FILL_IN, title="A")


async def test_message_that_is_on_the_page_was_taken(crm, window):
    """A conversation shows its form again; without the message in it that is a refusal."""
    form = "<form method=post action=/chat><textarea name=message>Hi you</textarea><button>Send</button></form>"
    crm.page("/chat", form)
    browser = window()
    await browser.open("/chat")
    with pytest.raises(ScreenRefused):
        await browser.submit(Task.CHAT, message="Hi you")
    crm.page("/chat", f"<p>You: Hi you</p>{form}")
    assert "You: Hi you" in (await browser.submit(Task.CHAT, message="Hi you")).text
