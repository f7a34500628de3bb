"""What fields are for, and how pages call them: one table."""

from dataclasses import dataclass
from typing import Final

from mock_ctrader.platform.forms import Task
from mock_ctrader.screens.wording import plain

SIGN_UP: Final = frozenset({Task.SIGN_UP})
LOG_IN: Final = frozenset({Task.LOG_IN})
OPENING: Final = frozenset({Task.OPEN_ACCOUNT})
PAYMENT: Final = frozenset({Task.DEPOSIT, Task.WITHDRAW})
ALL: Final = frozenset(Task)
OWN: Final = frozenset({Task.PASS_KYC, Task.TAKE_ACTION, Task.CHAT, Task.FILL_IN})
"""Forms of the broker's own: they may ask for anything that a sign-up asks for."""
PERSONAL: Final = SIGN_UP | OWN
NEW_EMAIL: Final = frozenset({Task.CHANGE_EMAIL})
NEW_PASSWORD: Final = frozenset({Task.CHANGE_PASSWORD, Task.RESET_PASSWORD})

SOMETHING_ELSE: Final = ""
"""The purpose of a field that looks like one of ours and is not: ``middle name``, ``phone code``."""
TYPED: Final = frozenset(
    {
        "email",
        "password",
        "first_name",
        "last_name",
        "full_name",
        "phone",
        "address",
        "postal_code",
        "birth_date",
        "nickname",
        "partner_id",
        "name",
        "new_email",
        "new_password",
        "message",
    }
)
"""Purposes that a select or radio buttons never have: what is called so there is a title, a dial code, a list."""
REPEATED: Final = frozenset({"email", "new_email", "password", "new_password", "agreement"})
"""Purposes that a form may ask for twice; of others the best match is filled."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """How to know a field by: ``words`` in names, labels and placeholders; ``autocomplete`` and ``types`` of HTML."""

    name: str
    tasks: frozenset[Task]
    words: tuple[str, ...]
    autocomplete: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    is_box: bool = False


def _row(
    name: str, tasks: frozenset[Task], words: str, autocomplete: str = "", types: str = "", *, is_box: bool = False
) -> Purpose:
    phrases = tuple(dict.fromkeys(plain(phrase) for phrase in words.split(",")))
    return Purpose(name, tasks, phrases, tuple(autocomplete.split()), tuple(types.split()), is_box)


# Words: English, then es, de, fr, ru, el where they differ.
PURPOSES: Final = (
    _row(
        "email",
        ALL - NEW_EMAIL,
        "email,e-mail,mail,email address,emailaddress,e-mail address,correo,correo electronico,courriel,adresse email,"
        "почта,электронная почта",
        "email",
        "email",
    ),
    _row(
        "email",
        NEW_EMAIL,
        "current email,current e-mail,old email,old e-mail,your current email,present email,correo actual,email actual,"
        "e-mail actual,aktuelle e-mail,alte e-mail,adresse actuelle,e-mail actuel,текущая почта,старая почта,"
        "τρέχον email,παλιό email",
    ),
    _row(
        "new_email",
        NEW_EMAIL,
        "new email,new e-mail,email,e-mail,mail,email address,e-mail address,correo,nuevo correo,courriel,"
        "nouvel e-mail,neue e-mail,почта,новая почта,νέο email",
        "email",
    ),
    _row(
        "message",
        frozenset({Task.CHAT}),
        "message,your message,msg,text,question,comment,comments,enquiry,inquiry,mensaje,consulta,pregunta,comentario,"
        "nachricht,frage,anliegen,votre message,сообщение,вопрос,μήνυμα,ερώτηση",
    ),
    _row(
        "email",
        LOG_IN | frozenset({Task.FORGET_PASSWORD}),
        "username,user name,user,userid,login,account,usuario,benutzername,benutzer,identifiant,utilisateur,логин,"
        "имя пользователя,όνομα χρήστη",
        "username",
    ),
    _row(
        "password",
        PERSONAL | LOG_IN | OPENING | NEW_EMAIL | NEW_PASSWORD,
        "password,passwd,pwd,pass,passphrase,contraseña,clave,passwort,kennwort,mot de passe,пароль,κωδικός",
        "new-password current-password",
        "password",
    ),
    _row(
        "first_name",
        PERSONAL,
        "first name,firstname,fname,given name,givenname,forename,nombre,vorname,prénom,имя,όνομα",
        "given-name",
    ),
    _row(
        "last_name",
        PERSONAL,
        "last name,lastname,lname,surname,family name,familyname,apellido,apellidos,nachname,nom,nom de famille,"
        "фамилия,επώνυμο",
        "family-name",
    ),
    _row("full_name", PERSONAL, "full name,fullname,your name,name,nombre completo,nom complet,фио", "name"),
    _row(
        "phone",
        PERSONAL,
        "phone,telephone,tel,mobile,cell,phone number,phonenumber,mobile number,mobile phone,teléfono,telefon,handy,"
        "téléphone,телефон,τηλέφωνο",
        "tel tel-national",
        "tel",
    ),
    _row(
        "country",
        PERSONAL,
        "country,residence,country of residence,nationality,país,land,pays,страна,χώρα",
        "country country-name",
    ),
    _row("city", PERSONAL, "city,town,ciudad,stadt,ort,wohnort,ville,город,πόλη", "address-level2"),
    _row(
        "address",
        PERSONAL,
        "address,street,street address,address line 1,address1,dirección,anschrift,adresse,straße,rue,адрес,διεύθυνση",
        "street-address address-line1",
    ),
    _row(
        "state", PERSONAL, "state,province,region,county,provincia,estado,bundesland,région,область", "address-level1"
    ),
    _row(
        "postal_code",
        PERSONAL,
        "zip,zipcode,zip code,postcode,post code,postal code,postalcode,postal,código postal,plz,postleitzahl,"
        "code postal,индекс,ταχυδρομικός κώδικας",
        "postal-code",
    ),
    _row(
        "birth_date",
        PERSONAL,
        "birth date,birthdate,date of birth,dateofbirth,dob,birthday,fecha de nacimiento,geburtsdatum,"
        "date de naissance,дата рождения,ημερομηνία γέννησης",
        "bday",
        "date",
    ),
    _row("birth_day", PERSONAL, "birth day,day of birth,dob day,birth date day,birthdate day,birthday day", "bday-day"),
    _row(
        "birth_month",
        PERSONAL,
        "birth month,month of birth,dob month,birth date month,birthdate month,birthday month",
        "bday-month",
    ),
    _row(
        "birth_year",
        PERSONAL,
        "birth year,year of birth,dob year,birth date year,birthdate year,birthday year",
        "bday-year",
    ),
    _row(
        "nickname",
        PERSONAL,
        "nickname,nick name,nick,display name,username,user name,apodo,spitzname,pseudo,псевдоним",
        "nickname",
    ),
    _row(
        "language",
        PERSONAL | LOG_IN,
        "language,lang,locale,preferred language,idioma,sprache,langue,язык,γλώσσα",
        "language",
    ),
    _row(
        "partner_id",
        PERSONAL,
        "partner id,partnerid,partner code,partner,referral,referral code,referrer,affiliate,affiliate id,ib code,"
        "invited by,партнер",
    ),
    _row(
        "environment",
        OPENING,
        "environment,env,server,trading server,demo or live,account mode,mode,entorno,umgebung,environnement,сервер",
    ),
    _row(
        "currency",
        OPENING | PAYMENT,
        "currency,account currency,base currency,deposit currency,moneda,divisa,währung,devise,валюта,νόμισμα",
        "transaction-currency",
    ),
    _row("leverage", OPENING, "leverage,apalancamiento,hebel,effet de levier,levier,плечо,μόχλευση"),
    _row(
        "group",
        OPENING,
        "group,account group,trading group,account type,accounttype,plan,type,tipo de cuenta,kontotyp,"
        "type de compte,тип счета,τύπος λογαριασμού",
    ),
    _row("name", OPENING, "name,account name,label,nickname,account label,nombre,bezeichnung,nom,название,όνομα"),
    _row(
        "amount",
        PAYMENT,
        "amount,sum,amount to deposit,amount to withdraw,deposit amount,withdrawal amount,importe,cantidad,monto,"
        "betrag,montant,сумма,ποσό",
        "transaction-amount",
    ),
    _row("account", PAYMENT, "account,trading account,from account,to account,cuenta,konto,compte,счет,λογαριασμός"),
    _row(
        "method",
        PAYMENT,
        "method,payment method,payment system,payment,gateway,provider,psp,método,método de pago,zahlungsart,"
        "méthode,moyen de paiement,способ,метод,μέθοδος",
    ),
    _row(
        "keep_logged_in",
        ALL,
        "keep,remember,stay,recuérdame,recordarme,mantener,angemeldet,merken,souvenir,rester connecté,запомнить,"
        "θυμάσαι",
        is_box=True,
    ),
    _row(
        "agreement",
        ALL,
        "terms,tos,agree,agreement,accept,condition,policy,privacy,consent,gdpr,acepto,términos,condiciones,agb,"
        "datenschutz,akzeptiere,accepte,соглас,услови,αποδέχομαι,όρους",
        is_box=True,
    ),
    _row(
        SOMETHING_ELSE,
        ALL,
        "middle name,maiden name,company name,company,bank name,bank account,card holder name,holder name,"
        "address line 2,address2,phone code,phonecode,phone country,phone prefix,dial code,dialing code,"
        "calling code,promo code,one time code,verification code,captcha,otp,pin,account number,state id,tax id,"
        "email code,ip address",
        "one-time-code additional-name address-line2 address-line3 organization tel-country-code tel-extension "
        "cc-name cc-number cc-csc cc-exp",
    ),
)


NAMES: Final = frozenset({*(purpose.name for purpose in PURPOSES), "new_password"}) - {SOMETHING_ELSE}
"""All purposes there are; of passwords a form's order tells which is the new one."""


def purposes_of(task: Task) -> tuple[Purpose, ...]:
    """Return the purposes that fields of a task's form can have."""
    return tuple(purpose for purpose in PURPOSES if task in purpose.tasks)


def key_of(purpose: str) -> str:
    """Return a purpose as the table writes it: ``first name`` and ``first-name`` are ``first_name``."""
    return purpose.strip().replace(" ", "_").replace("-", "_")
