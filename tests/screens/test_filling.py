"""What a filled form sends: choices, boxes, buttons and all that the page adds by itself."""

import pytest

from mock_ctrader.errors import ScreenError
from mock_ctrader.platform.forms import Form, ScreenProfile, Task
from mock_ctrader.screens.answers import is_yes, pick
from mock_ctrader.screens.filling import fill
from mock_ctrader.screens.page import Option
from mock_ctrader.screens.reading import read_page
from mock_ctrader.screens.tasks import best_form

CREDENTIALS = "<input type=email name=e><input type=password name=p>"


def sign_up(*fields: str) -> str:
    return f"<form method=post>{CREDENTIALS}{''.join(fields)}<button>Sign up</button></form>"


def account(*fields: str) -> str:
    return f"<form method=post>{''.join(fields)}<button>Open account</button></form>"


def test_hidden_fields_are_sent_as_they_are(sent):
    """The page's own fields go along in their place, the empty and the nameless ones as browsers treat them."""
    html = sign_up("<input type=hidden name=csrf value='a b'><input type=hidden name=email><input type=hidden value=x>")
    assert sent(html)[2:] == [("csrf", "a b"), ("email", "")]


def test_disabled_controls_are_never_sent(sent):
    """Neither a disabled field nor one in a disabled fieldset is sent, except in the fieldset's legend."""
    html = sign_up(
        "<input name=a value=1 disabled>",
        "<fieldset disabled><legend>Extra <input name=b value=2></legend><input name=c value=3></fieldset>",
        "<select name=d disabled><option>4</select><input type=radio name=r value=5 checked disabled>",
    )
    assert sent(html)[2:] == [("b", "2")]


@pytest.mark.parametrize(
    "options",
    [
        "<option value=''>Choose<option value=GR>Greece<option value=CY>Cyprus",
        "<option value=cy>Zypern<option value=gr>Griechenland",
        "<option>Greece<option value=CY label=Cyprus>",
        "<option value=GR>Greece (GR)<option value=CY>Cyprus (CY)",
    ],
)
def test_country_is_chosen_by_code_or_name(sent, options):
    """A country given by its code is found by the option's value or text."""
    assert dict(sent(sign_up(f"<select name=country>{options}</select>")))["country"].upper() == "CY"


@pytest.mark.parametrize(
    ("purpose", "value", "options", "chosen"),
    [
        ("country", "CY", [("57", "Cyprus"), ("196", "Cuba")], "57"),
        ("country", "CY", [("196", "Кипр"), ("300", "Греция")], "196"),
        ("country", "Cyprus", [("57", "Greece"), ("CY", "Zypern")], "CY"),
        ("country", "GN", [("1", "Guinea-Bissau"), ("2", "Equatorial Guinea")], None),
        ("country", "GN", [("1", "Guinea-Bissau"), ("2", "Guinea")], "2"),
        ("country", "US", [("1", "United States"), ("2", "Cyprus")], "1"),
        ("country", "KR", [("1", "North Korea"), ("2", "South Korea")], "2"),
        ("country", "CD", [("1", "Congo"), ("2", "Congo (the Democratic Republic of the)")], "2"),
        ("country", "Atlantis", [("1", "Cyprus"), ("2", "Atlantis!")], "2"),
        ("country", "DE", [("1", "Isla de Man"), ("2", "Germany")], "2"),
        ("environment", "live", [("1", "Demo account"), ("2", "Real account")], "2"),
        ("environment", "demo", [("l", "Live"), ("d", "Demo")], "d"),
        ("environment", "live2", [("live2", "L2"), ("d", "Demo")], "live2"),
        ("currency", "EUR", [("1", "US Dollar (USD)"), ("2", "Euro (EUR)")], "2"),
        ("leverage", "1:100", [("1000", "1:1000"), ("100", "1:100")], "100"),
        ("leverage", "100", [("a", "1:50"), ("b", "1:100")], "b"),
        ("leverage", "1:30", [("30", "30"), ("100", "100")], "30"),
        ("language", "el", [("1", "English"), ("2", "Ελληνικά")], "2"),
        ("language", "en", [("de-DE", "x"), ("en-GB", "y")], "en-GB"),
        ("language", "xx", [("de-DE", "x"), ("en-GB", "y")], None),
        ("birth_month", "09", [("8", "September"), ("9", "October")], "9"),
        ("birth_month", "13", [("1", "January")], None),
        ("birth_day", "05", [("5", "5")], "5"),
        ("group", "vip", [("", "vip")], ""),
        ("swap_free", True, [("0", "No"), ("1", "Yes")], "1"),
        ("swap_free", False, [("n", "No"), ("y", "Yes")], "n"),
    ],
)
def test_options_are_picked_by_value_then_text_then_words(purpose, value, options, chosen):
    """The surest spelling and the closest match win; an ambiguous country is none."""
    found = pick([Option(value, text) for value, text in options], purpose, value)
    assert (found.value if found else None) == chosen


def test_disabled_option_is_not_picked(sent):
    """What cannot be chosen is no offer."""
    options = "<optgroup disabled><option>EUR</optgroup><option disabled>EUR<option value=e>EUR account"
    assert dict(sent(account(f"<select name=currency>{options}</select>"), Task.OPEN_ACCOUNT, {"currency": "EUR"})) == {
        "currency": "e"
    }


def test_choice_that_is_not_offered_is_an_error(sent):
    """The message names the field and what it offers."""
    html = account("<select name=currency><option value=1>EUR<option>USD</select>")
    with pytest.raises(
        ScreenError, match=r"does not offer 'GBP' in the field 'currency' .* offers: EUR, USD\."
    ) as caught:
        sent(html, Task.OPEN_ACCOUNT, {"currency": "GBP"})
    assert '[crm.fields] currency = "' in caught.value.cure


def test_language_that_is_not_offered_is_let_be(sent):
    """Nobody stops signing up because the page does not offer a language."""
    html = sign_up("<select name=language><option>fr<option selected>de</select>")
    assert dict(sent(html, values={"email": "a@example.com", "password": "x", "language": "el"}))["language"] == "de"


def test_radio_buttons_are_chosen_by_value_or_text(sent):
    """A radio group is one choice: by value, by label, by the text behind the button."""
    html = account(
        "<input type=radio name=env value=1 checked>Demo<input type=radio name=env value=2>Live",
        "<fieldset><legend>Leverage</legend><label><input type=radio name=x value=a>1:50</label>"
        "<label><input type=radio name=x value=b>1:100</label></fieldset>",
        "<div role=radiogroup aria-label='Account currency'><input type=radio name=y value=EUR><b>Euro</b>"
        "<input type=radio name=y value=USD></div>",
        "<b id=g>Trading group</b><div role=group aria-labelledby=g><input type=radio name=z value=std>"
        "<input type=radio name=z value=vip></div>",
    )
    values = {"environment": "live", "leverage": "100", "currency": "USD", "group": "VIP"}
    assert sent(html, Task.OPEN_ACCOUNT, values) == [("env", "2"), ("x", "b"), ("y", "USD"), ("z", "vip")]


def test_environment_is_known_by_its_options(sent):
    """Demo or live under the name of an account type is the environment."""
    html = account("<select name=account_type><option value=1>Demo<option value=2>Live</select>")
    assert sent(html, Task.OPEN_ACCOUNT, {"environment": "live", "group": "vip"}) == [("account_type", "2")]


def test_leverage_is_known_by_its_options(sent):
    """Ratios are leverages, whatever the field is called."""
    html = account("<select name=f7><option value=1>1:10<option value=2>1:20</select>")
    assert sent(html, Task.OPEN_ACCOUNT, {"leverage": "1:20"}) == [("f7", "2")]


def test_dial_codes_are_no_countries(sent):
    """A select of dial codes keeps what it has, though it is called like the country."""
    html = sign_up(
        "<select name=country_code><option value=1>Greece +30<option value=2 selected>Cyprus +357</select>",
        "<select name=country><option>GR<option>CY</select><select name=phone><option>home</select>",
    )
    assert sent(html)[2:] == [("country_code", "2"), ("country", "CY"), ("phone", "home")]


def test_untouched_choices_send_what_browsers_send(sent):
    """An unknown select keeps its choice; a required one without any takes the first that is not empty."""
    html = account(
        "<select name=a><option value=''>-<option>1</select>",
        "<select name=b required><option value=''>-<option disabled>0<option>1</select>",
        "<select name=c><option>1<option selected>2</select>",
        "<select name=d multiple><option selected>1<option selected>2<option>3</select>",
        "<select name=e multiple required><option>1</select>",
        "<select name=f></select>",
        "<input type=radio name=g value=1>",
        "<input type=radio name=h value=1 required><input type=radio name=h value=2>",
        "<input type=radio value=nameless>",
    )
    assert sent(html, Task.OPEN_ACCOUNT, {}) == [
        ("a", ""),
        ("b", "1"),
        ("c", "2"),
        ("d", "1"),
        ("d", "2"),
        ("e", "1"),
        ("h", "1"),
    ]


@pytest.mark.parametrize("box", ["name=remember_me", "name=x id=keepLogged", "name=x aria-label='Stay signed in'"])
def test_keep_logged_in_is_ticked_as_wished(sent, box):
    """The box is known by name, id or label; without a wish it stays as the page has it."""
    html = f"<form method=post>{CREDENTIALS}<input type=checkbox value=yes {box}></form>"
    base = {"email": "a@example.com", "password": "x"}
    assert sent(html, Task.LOG_IN, {**base, "keep_logged_in": True})[2][1] == "yes"
    assert len(sent(html, Task.LOG_IN, {**base, "keep_logged_in": False})) == 2
    assert len(sent(html, Task.LOG_IN, base)) == 2
    assert len(sent(html.replace("checkbox", "checkbox checked"), Task.LOG_IN, base)) == 3


def test_keep_logged_in_may_stand_next_to_its_label(sent):
    """The box's label may be found by its id."""
    box = "<input type=checkbox name=c id=c><label for=c>Angemeldet bleiben</label>"
    html = f"<form method=post>{CREDENTIALS}{box}</form>"
    values = {"email": "a@example.com", "password": "x", "keep_logged_in": "yes"}
    assert ("c", "on") in sent(html, Task.LOG_IN, values)


def test_agreements_are_ticked_when_wished_or_required(sent):
    """Advertising is not agreed to; what is required is, unless the person refuses."""
    html = sign_up(
        "<input type=checkbox name=terms>",
        "<label><input type=checkbox name=a required>I am of age</label>",
        "<label><input type=checkbox name=b>I agree to receive marketing e-mails</label>",
        "<input type=checkbox name=colour>",
    )
    base = {"email": "a@example.com", "password": "x"}
    assert sent(html, values=base)[2:] == [("a", "on")]
    assert sent(html, values={**base, "agreement": True})[2:] == [("terms", "on"), ("a", "on")]
    assert sent(html, values={**base, "agreement": False})[2:] == []


@pytest.mark.parametrize(("value", "ticked"), [(True, True), ("on", True), ("No", False), ("", False), (False, False)])
def test_words_for_ticking_a_box(value, ticked):
    """A box is ticked by a yes in any usual word."""
    assert is_yes(value) is ticked


def test_truth_is_written_in_small_letters(sent):
    """A flag that a page asks for in a text field is written as computers do."""
    assert sent(account("<input name=f>"), Task.OPEN_ACCOUNT, {"flag": True}, fields={"flag": "f"}) == [("f", "true")]


def test_button_pressed_is_sent_and_no_other(sent):
    """Of several buttons the one that says the task is pressed; resets and script buttons never are."""
    html = (
        "<form><input name=amount><button name=do value=cancel>Cancel</button><input type=reset name=do value=Reset>"
        "<button type=button name=do value=js>Withdraw</button><input type=submit name=do value=Withdraw>"
        "<button name=do value=in>Deposit</button></form>"
    )
    assert sent(html, Task.DEPOSIT, {"amount": "5"}) == [("amount", "5"), ("do", "in")]
    assert sent(html, Task.WITHDRAW, {"amount": "5"}) == [("amount", "5"), ("do", "Withdraw")]


def test_button_of_another_login_is_not_pressed(sent):
    """Other people's accounts are no way in."""
    buttons = "<button name=b value=g>Log in with Google</button><button name=b value=o>Continue</button>"
    html = f"<form>{CREDENTIALS}{buttons}</form>"
    assert ("b", "o") in sent(html, Task.LOG_IN)


@pytest.mark.parametrize(("button", "value"), [("Weiter gehen", "1"), ("go2", "2"), ("#third", "3")])
def test_profile_names_a_button(sent, button, value):
    """The profile's button is taken by text, name or id, and makes its form the one to use."""
    html = (
        "<form method=post><button name=b>Log in</button><input name=email><input type=password name=p></form>"
        "<form method=post><input name=u1 id=x><input type=password name=p>"
        "<button name=go value=1>Weiter  gehen!</button>"
        "<button name=go2 value=2>Zwei</button><button id=third name=go value=3>Log in</button></form>"
    )
    found = sent(html, Task.LOG_IN, fields={"email": "u1"}, buttons={"LOG_IN": button})
    assert found[0] == ("u1", "ann@example.com")
    assert found[-1][1] == value


def test_image_button_sends_where_it_was_pressed(sent):
    """A picture as button sends coordinates, with and without a name."""
    html = f"<form>{CREDENTIALS}<input type=image name=go alt='Log in'></form>"
    assert sent(html, Task.LOG_IN)[2:] == [("go.x", "0"), ("go.y", "0")]
    assert sent(html.replace("name=go ", ""), Task.LOG_IN)[2:] == [("x", "0"), ("y", "0")]


def test_nameless_button_and_no_button_send_nothing(sent):
    """A form may be sent by a button without a name, or by the enter key."""
    for button in ("<input type=submit>", ""):
        assert len(sent(f"<form>{CREDENTIALS}{button}</form>", Task.LOG_IN)) == 2


def test_controls_outside_belong_to_the_form_they_name(sent):
    """The ``form`` attribute puts a control into a form, or out of it."""
    html = (
        "<input form=f name=before value=1>"
        f"<form id=f>{CREDENTIALS}<input form=other name=no value=2><input form=x name=nor value=2></form>"
        "<p id=x></p><button form=f name=b value=3>Log in</button>"
    )
    assert sent(html, Task.LOG_IN)[0] == ("before", "1")
    assert sent(html, Task.LOG_IN)[-1] == ("b", "3")
    assert not {"no", "nor"} & {name for name, _ in sent(html, Task.LOG_IN)}


def test_textarea_keeps_its_text(sent):
    """A textarea that nobody touches sends its text, without the line end that belongs to the markup."""
    assert ("t", " a\nb") in sent(sign_up("<textarea name=t>\n a\nb</textarea>"))


def test_templates_are_no_part_of_the_page(sent):
    """What a script would copy is not there for a person."""
    assert len(sent(sign_up("<template><input name=x value=1></template>"))) == 2


def submission(html, task=Task.DEPOSIT, url="http://crm.example.com/a/page?x=1", charset="utf-8", **values):
    page = read_page(html, url=url, charset=charset)
    profile = ScreenProfile("http://crm.example.com/done")
    form = best_form(page, task, profile)
    assert form is not None
    return fill(Form(task, values or {"amount": "10"}), form, page, profile)


@pytest.mark.parametrize(
    ("attributes", "button", "method", "url"),
    [
        ("", "", "GET", "http://crm.example.com/a/page?amount=10"),
        ("method=post", "", "POST", "http://crm.example.com/a/page?x=1"),
        ("method=POST action='  '", "", "POST", "http://crm.example.com/a/page?x=1"),
        ("method=post action=pay", "", "POST", "http://crm.example.com/a/pay"),
        ("action='/pay?old=1#top'", "", "GET", "http://crm.example.com/pay?amount=10#top"),
        ("method=post action=pay", "formaction=/other", "POST", "http://crm.example.com/other"),
        ("method=post", "formmethod=get formaction=/other", "GET", "http://crm.example.com/other?amount=10"),
    ],
)
def test_address_and_method_come_from_form_and_button(attributes, button, method, url):
    """A GET form replaces the query, an empty action is the page, and the button has the last word."""
    made = submission(f"<form {attributes}><input name=amount><button {button}>Deposit</button></form>")
    assert (made.method, made.url) == (method, url)


def test_base_applies_to_the_action_but_not_to_an_empty_one():
    """The page's base moves relative addresses only."""
    form = "<base href=/else/x><form method=post action='{}'><input name=amount></form>"
    assert submission(form.format("pay")).url == "http://crm.example.com/else/pay"
    assert submission(form.format("")).url == "http://crm.example.com/a/page?x=1"


def test_action_that_makes_no_sense_is_named():
    """A form that leads nowhere cannot be sent."""
    with pytest.raises(ScreenError, match="makes no sense"):
        submission("<form action='http://[bad'><input name=amount></form>")


@pytest.mark.parametrize(
    ("charset", "attributes", "body"),
    [
        ("utf-8", "", b"c=%E2%82%AC%C3%A9&amount=10"),
        ("cp1252", "", b"c=%80%E9&amount=10"),
        ("latin-1", "", b"c=%26%238364%3B%E9&amount=10"),
        ("latin-1", "accept-charset='unknown utf-16'", b"c=%E2%82%AC%C3%A9&amount=10"),
    ],
)
def test_form_is_sent_in_the_characters_of_its_page(charset, attributes, body):
    """What the page's character set does not have is sent as a character reference."""
    html = f"<form method=post {attributes}><input type=hidden name=c value='€é'><input name=amount></form>"
    assert submission(html, charset=charset).body == body


def test_line_ends_are_sent_as_the_net_has_them():
    """Every line end becomes a carriage return and a line feed."""
    html = "<form method=post><textarea name=t>a\nb\r\nc</textarea><input name=amount></form>"
    assert submission(html).body == b"t=a%0D%0Ab%0D%0Ac&amount=10"


def test_multipart_form_is_the_same_bytes_every_time():
    """Parts, quoted names and an empty file, between boundaries that follow from the contents."""
    html = (
        "<form method=post enctype=multipart/form-data><input type=file name=doc>"
        "<input type=hidden name='a\"b' value=ü>"
        "<input name=amount></form>"
    )
    made = submission(html)
    assert made == submission(html)
    boundary = made.content_type.removeprefix("multipart/form-data; boundary=")
    assert made.body.decode() == (
        f'--{boundary}\r\nContent-Disposition: form-data; name="doc"; filename=""\r\n'
        "Content-Type: application/octet-stream\r\n\r\n\r\n"
        f'--{boundary}\r\nContent-Disposition: form-data; name="a%22b"\r\n\r\nü\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="amount"\r\n\r\n10\r\n--{boundary}--\r\n'
    )


def test_plain_text_form():
    """The third way of encoding a form is known too."""
    made = submission("<form method=post enctype=text/plain><input name=amount></form>")
    assert (made.body, made.content_type) == (b"amount=10\r\n", "text/plain; charset=utf-8")


async def test_server_reads_what_is_sent(crm, window):
    """Both encodings of a form arrive whole, with the button's own address and encoding."""
    crm.page(
        "/page",
        "<form method=post action=/no><input type=hidden name=csrf value='t&1'><input type=number name=sum>"
        "<select name=method><option>card<option>wire</select>"
        "<button name=go value=1 formaction=/pay formenctype=multipart/form-data>Deposit</button></form>",
    )
    crm.page("/pay", "<title>Thanks</title>")
    browser = window()
    await browser.open("/page")
    landing = await browser.submit(Task.DEPOSIT, amount="10.50", method="wire")
    assert landing.title == "Thanks"
    assert crm.fields[-1] == [("csrf", "t&1"), ("sum", "10.50"), ("method", "wire"), ("go", "1")]
    assert browser.visits[-1].submitted == tuple(crm.fields[-1])
    crm.page("/page", "<form method=post action=/pay><input name=amount></form>")
    await browser.open("/page")
    await browser.submit(Task.WITHDRAW, amount="7 €")
    assert crm.fields[-1] == [("amount", "7 €")]
