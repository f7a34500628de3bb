"""How fields are found, by each kind of evidence, and how the profile overrules it."""

import pytest

from mock_ctrader.errors import ScreenError
from mock_ctrader.platform.forms import Task

PASSWORD = "<input type=password name=p1 autocomplete=new-password>"


def page(*fields: str) -> str:
    return f"<form method=post>{PASSWORD}{''.join(fields)}<button>Sign up</button></form>"


@pytest.mark.parametrize(
    "field",
    [
        "<input name=f1 autocomplete='section-a home EMAIL'>",
        "<input name=f1 type=email>",
        "<input name=f1 type=EMAIL autocomplete='username webauthn'>",
        "<label>E-Mail<input name=f1></label>",
        "<label for=i>Your e-mail address *</label><input name=f1 id=i>",
        "<b id=l>Correo electrónico</b><input name=f1 aria-labelledby='l none'>",
        "<input name=f1 aria-label='Email'>",
        "<input name=f1 title='Email'>",
        "<input name=f1 placeholder='Ваша почта'>",
        "<input name=f1 id=txtUserEmail>",
        "<input name=f1 id=useremailfield>",
        "<p>E-mail:</p> <input name=f1>",
        "<table><tr><td>E-mail</td><td><input name=f1></td></tr></table>",
        "<div><label>Email</label></div><div><span><input name=f1></span></div>",
    ],
)
def test_email_is_found_by_every_kind_of_evidence(sent, field):
    """Autocomplete, type, id, label, placeholder and the text before a field each tell what it is for."""
    assert "ann@example.com" in dict(sent(page(field))).values()


@pytest.mark.parametrize(
    "name", ["email", "user[email]", "UserEmail", "e-mail", "ctl00$Main$txtEmail", "emailaddress", "contactemail"]
)
def test_email_is_found_by_name(sent, name):
    """Names are read as words, however they are glued together."""
    assert dict(sent(page(f"<input name='{name}'>")))[name] == "ann@example.com"


def test_evidence_counts_in_its_order_of_trust(sent):
    """What autocomplete says goes before the name, the name before the label, the label before the placeholder."""
    html = page(
        "<input name=last_name autocomplete=given-name>",
        "<label>First name<input name=surname></label>",
        "<label>City<input name=x placeholder=Phone></label>",
        "<input type=email name=phone>",
    )
    found = dict(sent(html))
    assert (found["last_name"], found["surname"], found["x"], found["phone"]) == (
        "Ann",
        "Example",
        "Limassol",
        "ann@example.com",
    )


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("First name", "Ann"),
        ("Vorname", "Ann"),
        ("Prénom", "Ann"),
        ("Имя", "Ann"),
        ("Όνομα", "Ann"),
        ("Apellidos", "Example"),
        ("Nachname", "Example"),
        ("Επώνυμο", "Example"),
        ("Full name", "Ann Example"),
        ("Name", "Ann Example"),
        ("Teléfono", "+35799000000"),
        ("Mobile number", "+35799000000"),
        ("Stadt", "Limassol"),
        ("Date of birth", "1990-01-31"),
        ("Middle name", ""),
        ("Company name", ""),
        ("Favourite colour", ""),
    ],
)
def test_labels_are_understood_in_several_languages(sent, label, value):
    """A label in one of the known languages is enough; what only resembles one of ours stays empty."""
    assert dict(sent(page("<input type=email name=e>", f"<label>{label}<input name=x1></label>")))["x1"] == value


def test_profile_overrules_everything(sent):
    """A field that the profile names, by name or id, is filled whatever it looks like, and others are not."""
    html = page("<input type=email name=e>", "<input name=city id=c9>", "<input name=zz>", "<input type=hidden name=h>")
    named = {"phone": "#c9", "city": "zz", "tax-id": "h"}
    values = {"email": "a@example.com", "password": "x", "phone": "1", "city": "C", "tax_id": "9"}
    found = dict(sent(html, values=values, fields=named))
    assert (found["city"], found["zz"], found["h"]) == ("1", "C", "9")


def test_repeated_password_and_email_are_filled(sent):
    """Fields that ask for the same once more get the same."""
    html = page(
        "<input type=password name=p2>",
        "<input type=email name=e1>",
        "<label>Repeat e-mail<input name=e2></label>",
    )
    found = dict(sent(html))
    assert found["p1"] == found["p2"] == "s3cret-Word"
    assert found["e1"] == found["e2"] == "ann@example.com"


def test_second_field_of_a_kind_is_filled_only_on_demand(sent):
    """Of two phone fields the better known is filled, the other one only if it is required."""
    html = page("<input type=email name=e>", "<input name=phone>", "<input type=tel name=a>")
    assert dict(sent(html))["phone"] == ""
    assert dict(sent(html.replace("name=phone", "name=phone required")))["phone"] == "+35799000000"


def test_trap_for_robots_is_left_alone(sent):
    """A field that a person cannot see stays empty, and a hidden tab does not make its own fields invisible."""
    trap = "<div style='display: none'><input name=email></div><input name=phone hidden>"
    shown = ("<input type=email name=e>", "<input type=tel name=t>", "<input type=password name=p2>")
    html = f"<div hidden>{page(trap, *shown)}</div>"
    found = dict(sent(html))
    assert (found["email"], found["phone"], found["e"], found["p2"]) == ("", "", "ann@example.com", "s3cret-Word")


def test_required_unknown_field_is_named(sent):
    """What nobody knows an answer to is told of by name, with the cure."""
    html = page("<input type=email name=e>", "<label>Shoe size<input name=shoe required></label>")
    with pytest.raises(ScreenError, match=r"demands the field 'shoe' \(text, 'Shoe size'\)") as caught:
        sent(html)
    assert '[crm.fields] the_value = "shoe"' in caught.value.cure
    assert "country, email" in caught.value.cure


def test_required_field_without_a_value_is_named(sent):
    """A known field that the person has no value for is told of by its purpose."""
    html = page("<input type=email name=e>", "<input id=zip aria-required=true name=zip placeholder=Code>")
    with pytest.raises(ScreenError, match="asks for 'postal_code', which the person has no value for"):
        sent(html)


def test_required_field_that_is_filled_already_is_kept(sent):
    """What the page filled in itself, or does not let anybody change, is sent as it is."""
    html = page(
        "<input type=email name=e>",
        "<input name=shoe required value=42>",
        "<input name=city readonly required>",
        "<input name=phone readonly value=1>",
        "<input name=hat required type=hidden>",
    )
    found = dict(sent(html))
    assert (found["shoe"], found["city"], found["phone"], found["hat"]) == ("42", "", "1", "")


def test_required_file_is_named(sent):
    """A document that the form demands is nothing a persona has."""
    with pytest.raises(ScreenError, match="'passport'"):
        sent(page("<input type=email name=e>", "<input type=file name=passport required>"))


@pytest.mark.parametrize("name", ["username", "login", "user", "email"])
def test_user_name_is_the_email_when_logging_in(sent, name):
    """The e-mail goes into the user name field of a login form."""
    html = f"<form method=post><input name={name}><input type=password name=pw></form>"
    assert dict(sent(html, Task.LOG_IN))[name] == "ann@example.com"


def test_user_name_is_the_nickname_when_signing_up(sent):
    """A person who signs up with a nickname as well enters it as user name."""
    html = page("<input type=email name=e>", "<input name=username>")
    assert dict(sent(html, values={"email": "a@example.com", "password": "x", "nickname": "ann"}))["username"] == "ann"


@pytest.mark.parametrize(
    ("placeholder", "kind", "text"),
    [
        ("DD/MM/YYYY", "text", "31/01/1990"),
        ("mm.dd.yyyy", "text", "01.31.1990"),
        ("Birthday", "text", "1990-01-31"),
        ("DD/MM/YYYY", "date", "1990-01-31"),
    ],
)
def test_birth_date_is_written_as_the_page_wants_it(sent, placeholder, kind, text):
    """The placeholder shows the order of day, month and year; a date field takes ISO."""
    html = page("<input type=email name=e>", f"<input name=dob type={kind} placeholder='{placeholder}'>")
    assert dict(sent(html))["dob"] == text


def test_birth_date_in_three_selects(sent):
    """Day, month and year may be asked for apart, the month by its name."""
    days = "<select name='birthday[day]'><option>1<option>31</select>"
    months = "<select name='birthday[month]'><option value=m0>December<option value=m1>January</select>"
    years = "<select autocomplete=bday-year name=y><option>1990<option>1991</select>"
    found = dict(sent(page("<input type=email name=e>", days, months, years)))
    assert (found["birthday[day]"], found["birthday[month]"], found["y"]) == ("31", "m1", "1990")
