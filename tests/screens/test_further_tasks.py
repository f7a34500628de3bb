"""Identity, help, credentials and leaving: which form, link or button serves each."""

import pytest

from mock_ctrader.errors import ScreenError, ScreenRefused
from mock_ctrader.platform.forms import ScreenProfile, Task
from mock_ctrader.screens.page import Control
from mock_ctrader.screens.passwords import passwords_in
from mock_ctrader.screens.pressing import find_press
from mock_ctrader.screens.reading import read_page
from mock_ctrader.screens.tasks import best_form, find_link

SECRET = "<input type=password name={}>"
LOGIN = "<form id=login><input name=email><input type=password name=password><button>Log in</button></form>"
LOG_OUT = "<form id=logout><button>Log out</button></form>"
SWITCH = "<form id=switch><select name=lang><option>en<option>de</select><button>OK</button></form>"
NEWSLETTER = "<form id=newsletter><input type=email name=email><button>Subscribe</button></form>"
AROUND = SWITCH + NEWSLETTER + LOG_OUT
CHANGE = f"<form id=password>{SECRET.format('old')}{SECRET.format('new')}{SECRET.format('again')}<button>Save</form>"
FORGOT = "<h1>Forgotten password</h1><form id=forgot><input name=email><button>Send the link</button></form>"
NEW = f"<form id=reset>{SECRET.format('p1')}{SECRET.format('p2')}<button>Save</button></form>"
EMAIL = "<form id=mail><label>New e-mail<input name=m></label><input type=password name=p><button>Save</button></form>"
CHAT = "<form id=chat><textarea name=t></textarea><button>Send</button></form>"
KYC = "<form id=kyc><input name=number><button>Send</button></form>"


def chosen(html: str, task: Task, **tables):
    form = best_form(read_page(html, url="http://crm.example.com/page"), task, ScreenProfile("x:", **tables))
    return form.hints.split()[0] if form else None


@pytest.mark.parametrize(
    ("html", "task", "form"),
    [
        (AROUND + KYC, Task.PASS_KYC, "kyc"),
        (AROUND + KYC, Task.TAKE_ACTION, "kyc"),
        (LOGIN + KYC, Task.PASS_KYC, "kyc"),
        (KYC.replace("kyc", "odd") + "<h2>Verify your identity</h2>" + KYC, Task.PASS_KYC, "kyc"),
        ("<h1>Верификация</h1><form id=f><button>Начать</button></form>", Task.PASS_KYC, "f"),
        ("<form id=f><label>Income<input type=number name=x></label><button>Go</button></form>", Task.PASS_KYC, "f"),
        ("<form id=f><input name=email><input name=phone><button>Call me</button></form>", Task.TAKE_ACTION, "f"),
        (LOGIN, Task.PASS_KYC, None),
        (AROUND, Task.TAKE_ACTION, None),
        ("<form><input name=x></form>", Task.PASS_KYC, None),
        (f"<h1>Withdraw</h1>{KYC.replace('name=number', 'name=amount')}", Task.TAKE_ACTION, None),
        (AROUND + CHAT, Task.CHAT, "chat"),
        ("<form id=f><label>Ваш вопрос<input name=q></label></form>", Task.CHAT, "f"),
        (KYC, Task.CHAT, None),
        (AROUND + LOGIN + CHANGE, Task.CHANGE_PASSWORD, "password"),
        (NEW, Task.CHANGE_PASSWORD, "reset"),
        (f"<h1>Neues Passwort</h1><form id=f>{SECRET.format('x')}</form>", Task.CHANGE_PASSWORD, "f"),
        (f"<form id=f>{SECRET.format('x')}</form>", Task.CHANGE_PASSWORD, None),
        (LOGIN, Task.CHANGE_PASSWORD, None),
        (AROUND + LOGIN + FORGOT, Task.FORGET_PASSWORD, "forgot"),
        ("<form id=f action=/auth/forgot><input name=username></form>", Task.FORGET_PASSWORD, "f"),
        (LOGIN + NEWSLETTER, Task.FORGET_PASSWORD, None),
        (AROUND + LOGIN + NEW, Task.RESET_PASSWORD, "reset"),
        (f"<h1>Choose a new password</h1><form id=f>{SECRET.format('x')}</form>", Task.RESET_PASSWORD, "f"),
        (CHANGE, Task.RESET_PASSWORD, None),
        (LOGIN, Task.RESET_PASSWORD, None),
        (f"<form id=f>{SECRET.format('x')}</form>", Task.RESET_PASSWORD, None),
        (AROUND + LOGIN + EMAIL, Task.CHANGE_EMAIL, "mail"),
        ("<h1>Cambiar correo</h1><form id=f><input type=email name=x></form>", Task.CHANGE_EMAIL, "f"),
        (LOGIN, Task.CHANGE_EMAIL, None),
        (CHANGE, Task.CHANGE_EMAIL, None),
    ],
)
def test_form_of_a_further_task_is_found(html, task, form):
    """Each knows its form among those around it, and takes none that is for something else."""
    assert chosen(html, task) == form


@pytest.mark.parametrize(
    ("link", "task"),
    [
        ("Forgotten your password?", Task.FORGET_PASSWORD),
        ("¿Has olvidado tu contraseña?", Task.FORGET_PASSWORD),
        ("Passwort vergessen?", Task.FORGET_PASSWORD),
        ("Mot de passe oublié ?", Task.FORGET_PASSWORD),
        ("Забыли пароль?", Task.FORGET_PASSWORD),
        ("Change password", Task.CHANGE_PASSWORD),
        ("E-Mail ändern", Task.CHANGE_EMAIL),
        ("Verify now", Task.PASS_KYC),
        ("Live chat", Task.CHAT),
    ],
)
def test_link_to_a_further_task_is_found(link, task):
    """What is no way into a log-in is a way to its own form."""
    page = read_page(f"<a href=/1>About</a><a href=/2>{link}</a>", url="http://crm.example.com/")
    found = find_link(page, task, ScreenProfile("x:"))
    assert found is not None
    assert found.href == "/2"


@pytest.mark.parametrize(
    ("names", "purposes"),
    [
        (["p1", "p2"], "cn"),
        (["p1", "p2", "p3"], "cnn"),
        (["p", "repeat"], "nn"),
        (["p", "q", "repeat"], "cnn"),
        (["p", "new"], "cn"),
        (["old_password", "password", "password2"], "cnn"),
        (["new_password", "confirm_password", "current_password"], "nnc"),
        (["password"], "n"),
        ([], ""),
    ],
)
def test_current_password_is_told_from_the_new_one(names, purposes):
    """By words, else by order: who is asked twice for nothing else is asked for the old one first."""
    controls = [Control("text", "x"), *(Control("password", name) for name in names)]
    found = passwords_in(controls, Task.CHANGE_PASSWORD)
    assert "".join({"password": "c", "new_password": "n"}[one] for one in found.values()) == purposes
    assert "c" not in {
        found for found in passwords_in(controls[:3], Task.RESET_PASSWORD).values() if "old" not in names
    }


def test_passwords_go_where_they_belong(sent):
    """Autocomplete is the surest evidence; the new one is repeated."""
    html = (
        "<form method=post><input type=password name=a autocomplete=new-password><input type=password name=b"
        " autocomplete=new-password><input type=password name=c autocomplete=current-password></form>"
    )
    values = {"password": "old", "new_password": "new"}
    assert sent(html, Task.CHANGE_PASSWORD, values) == [("a", "new"), ("b", "new"), ("c", "old")]
    assert sent(NEW, Task.RESET_PASSWORD, {**values, "page": "x"}) == [("p1", "new"), ("p2", "new")]


def test_emails_go_where_they_belong(sent):
    """The new one is repeated, the old one and the password are asked for beside it."""
    html = (
        "<h1>Change e-mail</h1><form><label>Current e-mail<input type=email name=a></label><input type=email name=b>"
        "<label>Repeat<input type=email name=c></label><input type=password name=d></form>"
    )
    values = {"email": "old@example.com", "new_email": "new@example.com", "password": "x"}
    assert sent(html, Task.CHANGE_EMAIL, values) == [
        ("a", "old@example.com"),
        ("b", "new@example.com"),
        ("c", "new@example.com"),
        ("d", "x"),
    ]


def pressed(html: str, task: Task, **tables: dict[str, str]):
    press = find_press(read_page(html, url="http://crm.example.com/"), task, ScreenProfile("x:", **tables))
    if press is None:
        return None
    return press[1].label or press[0].hints if isinstance(press, tuple) else press.href


@pytest.mark.parametrize(
    ("html", "task", "found"),
    [
        (
            "<form><select name=currency></select><button>Open</button><button>Skip</button></form>",
            Task.SKIP_ACCOUNT,
            "Skip",
        ),
        ("<a href=/1>Continue without an account</a>", Task.SKIP_ACCOUNT, "/1"),
        ("<a href=/1>Később</a><a href=/2>Später</a>", Task.SKIP_ACCOUNT, "/2"),
        ("<p>You can do this later, whenever you want</p>", Task.SKIP_ACCOUNT, None),
        ("<a href=/1>You can do all of this later, whenever you want to</a>", Task.SKIP_ACCOUNT, None),
        ("<form><button>This is something that you may well do later on</button></form>", Task.SKIP_ACCOUNT, None),
        (f"<a href=/1>Log out of all devices</a>{LOG_OUT}", Task.LEAVE, "Log out"),
        ("<form action=/logout><button><svg></svg></button></form>", Task.LEAVE, "Submit"),
        ("<a href=/auth/logout><img></a>", Task.LEAVE, "/auth/logout"),
        ("<form><button>Log in with Google</button></form>", Task.LEAVE, None),
    ],
)
def test_what_to_press_is_found(html, task, found):
    """Buttons and links say it in a few words; a picture may say it by its address."""
    if found == "Submit":
        html = html.replace("<svg></svg>", "")
    assert pressed(html, task) == found


def test_profile_names_what_to_press():
    """A button of the profile goes first, then its link; what it names and is not there is not replaced."""
    html = f"<form><button name=b>Bye</button></form><a href=/1 id=off>Off</a>{LOG_OUT}"
    assert pressed(html, Task.LEAVE, buttons={"leave client area": "b"}) == "Bye"
    assert pressed(html, Task.LEAVE, links={"leave client area": "#off"}) == "/1"
    assert pressed(html, Task.LEAVE, links={"leave client area": "#on"}) is None


async def test_account_is_skipped_without_filling_anything_in(crm, window):
    """The form of the skip button goes as it is, whatever it demands."""
    crm.page(
        "/account",
        "<form method=post action=/go><input type=hidden name=csrf value=1><input name=currency required>"
        "<input type=file name=f required><input type=checkbox name=agree required>"
        ""
        "<button name=do value=open>Open account</button>"
        "<button name=do value=skip formaction=/skip>Not now</button></form>",
    )
    crm.redirect("/skip", "/callback/success?token=t")
    browser = window()
    await browser.open("/account")
    assert (await browser.submit(Task.SKIP_ACCOUNT, currency="EUR", first_name="Ann")).token == "t"
    assert crm.fields[-1][:2] == [("csrf", "1"), ("currency", "")]
    assert crm.fields[-1][-1] == ("do", "skip")


async def test_leaving_by_link_and_by_button(crm, window):
    """Either way leads out; a button that is still there afterwards did not."""
    crm.page("/a", "<a href=/out>Sign out</a>")
    crm.page("/out", "<p>Bye")
    crm.page("/b", "<form method=post action=/out><button>Выйти</button></form>")
    browser = window()
    await browser.open("/a")
    assert (await browser.submit(Task.LEAVE)).text == "Bye"
    await browser.open("/b")
    assert (await browser.submit(Task.LEAVE)).text == "Bye"
    crm.handlers["/out"] = crm.handlers["/b"]
    await browser.open("/b")
    with pytest.raises(ScreenRefused):
        await browser.submit(Task.LEAVE)
    crm.page("/out", "<a href=/out>Sign out</a>")
    await browser.open("/a")
    assert (await browser.submit(Task.LEAVE)).title == ""
    await browser.open("/out")
    crm.page("/out", "<p>Down", status=503)
    with pytest.raises(ScreenError, match="503"):
        await browser.submit(Task.LEAVE)


async def test_nothing_to_press_is_told(crm, window):
    """The complaint says what was looked for."""
    crm.page("/a", "<p>Nothing")
    browser = window()
    await browser.open("/a")
    with pytest.raises(
        ScreenError, match=r"no form to skip account was found\. Looked for a button or link such as 'Skip'"
    ):
        await browser.submit(Task.SKIP_ACCOUNT)


async def test_forgotten_password_from_the_login_page_to_the_new_one(crm, window):
    """The link on the login page leads to the form; a page that says it is sent is the end."""
    crm.page("/login", LOGIN + "<a href=/forgot>Forgotten your password?</a>")
    crm.page("/forgot", FORGOT.replace("id=forgot", "method=post action=/sent"))
    crm.page("/sent", "<h1>Forgotten password</h1><p>A link is on its way</p><a href=/login>Back</a>")
    crm.page("/reset", NEW.replace("id=reset", "method=post action=/done"))
    crm.page("/done", "<p>Changed")
    browser = window()
    await browser.open("/login")
    landing = await browser.submit(Task.FORGET_PASSWORD, email="a@example.com", password="x")
    assert "on its way" in landing.text
    assert crm.fields[-1] == [("email", "a@example.com")]
    await browser.open("/reset")
    assert (await browser.submit(Task.RESET_PASSWORD, password="x", new_password="y")).text == "Changed"
    assert crm.fields[-1] == [("p1", "y"), ("p2", "y")]


def test_account_to_pay_from_is_chosen_if_it_is_there(sent):
    """A trading account is known by its number in the choice."""
    html = (
        "<form><input name=amount><select name=account><option value=1>Demo 8000001<option value=2>Live 8000002</form>"
    )
    assert sent(html, Task.WITHDRAW, {"amount": "1", "account": "8000002"})[1] == ("account", "2")
    assert sent(html, Task.WITHDRAW, {"amount": "1", "account": "second"})[1] == ("account", "1")
