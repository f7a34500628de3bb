"""Which form of a page serves a task, and which link leads to it."""

import pytest

from mock_ctrader.platform.forms import ScreenProfile, Task
from mock_ctrader.screens.reading import read_page
from mock_ctrader.screens.tasks import best_form, find_link

CREDENTIALS = "<input name=email><input type=password name=p>"
LOGIN = "<form id=login><input name=email><input type=password name=password><button>Log in</button></form>"
SIGN_UP = (
    "<form id=register><input name=email><input type=password name=password><input type=password name=again>"
    "<button>Create account</button></form>"
)
SEARCH = f"<form role=search id=search><input name=q>{CREDENTIALS}<button>Search</button></form>"
FINDER = "<form id=find><input type=search name=amount></form>"
NEWSLETTER = "<form id=newsletter><input type=email name=email><button>Sign up</button></form>"
SWITCH = "<form id=switch><select name=currency><option>EUR<option>USD</select></form>"
RESET = (
    "<form id=reset-password><input name=email><input type=password name=new autocomplete=new-password>"
    "<input type=password name=again><button>Reset password</button></form>"
)
LOG_OUT = "<form id=logout><button>Log out</button></form>"
OPEN = "<form id=open><select name=currency><option>EUR</select><select name=leverage><option>1:10</select></form>"
DEPOSIT = "<form id=deposit><input name=amount><button>Deposit</button></form>"
WITHDRAW = "<form id=withdraw><input name=amount><button>Withdraw</button></form>"
TRANSFER = "<form id=transfer><input name=amount><button>Transfer</button></form>"
EVERYTHING = (
    SEARCH + FINDER + NEWSLETTER + SWITCH + RESET + LOGIN + SIGN_UP + OPEN + WITHDRAW + DEPOSIT + TRANSFER + LOG_OUT
)


def chosen(html: str, task: Task, **tables):
    form = best_form(read_page(html, url="http://crm.example.com/page"), task, ScreenProfile("x:", **tables))
    return form.hints.split()[0] if form else None


@pytest.mark.parametrize(
    ("task", "form"),
    [
        (Task.SIGN_UP, "register"),
        (Task.LOG_IN, "login"),
        (Task.OPEN_ACCOUNT, "open"),
        (Task.DEPOSIT, "deposit"),
        (Task.WITHDRAW, "withdraw"),
    ],
)
def test_each_task_finds_its_form_among_many(task, form):
    """Search, newsletter, currency switch, password reset, transfer and log-out never win."""
    assert chosen(EVERYTHING, task) == form


@pytest.mark.parametrize("task", [task for task in Task if task is not Task.RESET_PASSWORD])
def test_other_forms_alone_serve_no_task(task):
    """Without the right form there is none, not the least wrong one."""
    assert chosen(SEARCH + FINDER + NEWSLETTER + SWITCH + RESET + TRANSFER + LOG_OUT, task) is None


@pytest.mark.parametrize(
    ("html", "task"),
    [
        (
            f"<h1>Create your account</h1><form id=f>{CREDENTIALS}<button>Next</button></form>",
            Task.SIGN_UP,
        ),
        ("<form id=f><h2>Registrieren</h2><input name=email><input type=password name=p></form>", Task.SIGN_UP),
        ("<form id=f><input name=email><input type=password name=p autocomplete=new-password></form>", Task.SIGN_UP),
        ("<form id=f><input name=email><input name=full_name><input type=password name=p></form>", Task.SIGN_UP),
        ("<form id=f action=/register><input name=email><input type=password name=p></form>", Task.SIGN_UP),
        ("<title>Sign up</title><form id=f><input name=email><input type=password name=p></form>", Task.SIGN_UP),
        (f"<form id=f>{CREDENTIALS}<button>Next</button></form>", Task.LOG_IN),
        (
            f"<h1>Log in or sign up</h1><form id=f>{CREDENTIALS}<button>Log in</button></form>",
            Task.LOG_IN,
        ),
        (
            (
                "<form id=f>"
                f"{CREDENTIALS.replace('name=p', 'name=p autocomplete=new-password')}<button>Войти</button></form>"
            ),
            Task.LOG_IN,
        ),
        ("<form id=f><input name=email><input type=password name=p autocomplete=current-password></form>", Task.LOG_IN),
        ("<form id=f><input type=hidden name=x><button>Open account</button></form>", Task.OPEN_ACCOUNT),
        ("<form id=f><select name=type><option>Demo<option>Live</select></form>", Task.OPEN_ACCOUNT),
        ("<h1>Open account</h1><form id=f><select name=currency><option>EUR</select></form>", Task.OPEN_ACCOUNT),
        ("<form id=f><input name=f1 type=number></form>", Task.DEPOSIT),
        ("<form id=f><input name=amount><button>Continue</button></form>", Task.WITHDRAW),
        ("<form id=f><label>Betrag<input name=f1></label><button>Einzahlen</button></form>", Task.DEPOSIT),
    ],
)
def test_form_is_known_by_what_it_asks_and_says(html, task):
    """Fields, buttons, headings, actions and titles together tell what a form is for."""
    assert chosen(html, task) == "f"


@pytest.mark.parametrize(
    ("html", "task"),
    [
        (LOGIN, Task.SIGN_UP),
        (SIGN_UP, Task.LOG_IN),
        (SIGN_UP, Task.OPEN_ACCOUNT),
        (DEPOSIT, Task.WITHDRAW),
        (DEPOSIT, Task.OPEN_ACCOUNT),
        ("<title>Open account</title><form id=f><input name=x></form>", Task.OPEN_ACCOUNT),
    ],
)
def test_form_for_something_else_is_not_taken(html, task):
    """A form that says it is for another task serves this one not at all."""
    assert chosen(html, task) is None


def test_button_of_the_profile_decides():
    """With a button named, only the form that has it serves the task, whatever it holds."""
    html = LOGIN + "<form id=odd><button>Los</button></form>"
    assert chosen(html, Task.LOG_IN, buttons={"log in": "Los"}) == "odd"
    assert chosen(html, Task.LOG_IN, buttons={"log in": "Go"}) is None
    assert chosen(html, Task.SIGN_UP, buttons={"log in": "Los"}) is None


@pytest.mark.parametrize(
    ("links", "task", "found"),
    [
        ("<a href=/1>Sign up with Google</a><a href=/2>Sign up</a>", Task.SIGN_UP, "/2"),
        (
            "<a href=/1>No account yet? Please register right here today</a><a href=/2>Register here</a>",
            Task.SIGN_UP,
            "/2",
        ),
        ("<a href=/auth/register>New here?</a>", Task.SIGN_UP, "/auth/register"),
        ("<a href='/1'><img alt='Create account'></a>", Task.SIGN_UP, "/1"),
        ("<a href=/1 aria-label='Create account'></a>", Task.SIGN_UP, "/1"),
        ("<a href='#'>Sign up</a><a href='javascript:x()'>Sign up</a><a>Sign up</a>", Task.SIGN_UP, None),
        ("<a href=/1>Forgot password</a><a href=/2>Back to log in</a>", Task.LOG_IN, "/2"),
        ("<a href=/logout>Log out</a><a href=/about>About</a>", Task.LOG_IN, None),
        ("<a href=/1>Add funds</a>", Task.DEPOSIT, "/1"),
        ("", Task.DEPOSIT, None),
    ],
)
def test_link_to_a_form_is_found_by_what_it_says(links, task, found):
    """Exact words beat longer texts, texts beat addresses, and other people's accounts are no way in."""
    link = find_link(read_page(links, url="http://crm.example.com/"), task, ScreenProfile("x:"))
    assert (link.href if link else None) == found
