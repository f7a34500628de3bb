"""Words by which pages say what a form, a button or a link is for."""

from collections.abc import Mapping
from typing import Final

from mock_ctrader.platform.forms import Task
from mock_ctrader.screens.wording import plain


def _words(text: str) -> tuple[str, ...]:
    return tuple(plain(phrase) for phrase in text.split(","))


# Words: English, then es, de, fr, ru, el.
SAYINGS: Final[Mapping[Task, tuple[str, ...]]] = {
    Task.SIGN_UP: _words(
        "sign up,signup,register,registration,create account,create an account,create your account,create my account,"
        "new account,open account,open an account,join,join now,get started,crear cuenta,registrarse,regístrate,"
        "registrieren,konto erstellen,s'inscrire,inscription,créer un compte,зарегистрироваться,регистрация,"
        "создать аккаунт,εγγραφή,δημιουργία λογαριασμού"
    ),
    Task.LOG_IN: _words(
        "log in,login,log on,sign in,signin,iniciar sesión,acceder,anmelden,einloggen,connexion,se connecter,"
        "войти,вход,σύνδεση,είσοδος"
    ),
    Task.OPEN_ACCOUNT: _words(
        "open account,open an account,open your account,open new account,open a trading account,open trading account,"
        "open demo account,open live account,create account,create an account,create trading account,new account,"
        "new trading account,add account,abrir cuenta,konto eröffnen,ouvrir un compte,открыть счет,άνοιγμα λογαριασμού"
    ),
    Task.DEPOSIT: _words(
        "deposit,deposits,add funds,fund account,fund your account,top up,pay in,pay now,depositar,depósito,ingresar,"
        "einzahlen,einzahlung,déposer,dépôt,пополнить,пополнение,κατάθεση"
    ),
    Task.WITHDRAW: _words(
        "withdraw,withdrawal,withdrawals,withdraw funds,cash out,payout,pay out,retirar,retiro,auszahlen,auszahlung,"
        "retirer,retrait,вывести,вывод,ανάληψη"
    ),
    Task.SKIP_ACCOUNT: _words(
        "skip,skip this step,skip for now,skip account,later,maybe later,do it later,do this later,not now,no thanks,"
        "no thank you,without an account,without account,continue without an account,continue without account,omitir,"
        "saltar,ahora no,más tarde,sin cuenta,überspringen,später,nicht jetzt,ohne konto,passer,ignorer,plus tard,"
        "pas maintenant,sans compte,пропустить,позже,не сейчас,без счета,παράλειψη,αργότερα,όχι τώρα"
    ),
    Task.PASS_KYC: _words(
        "kyc,know your customer,identity,verify your identity,identity verification,proof of identity,identification,"
        "verify,verification,get verified,document,documents,proof of address,passport,id card,due diligence,"
        "verificación,verificar,identidad,documento,documentos,verifizierung,verifizieren,identität,ausweis,dokument,"
        "vérification,vérifier,identité,pièce d'identité,верификация,подтверждение личности,документ,документы,"
        "επαλήθευση,ταυτότητα,έγγραφο"
    ),
    Task.TAKE_ACTION: _words(
        "action,take action,required action,action required,request,call me,call back,callback,we call you,apply,"
        "application,questionnaire,survey,appropriateness,suitability,appointment,complete,acción,solicitud,solicitar,"
        "cuestionario,llamada,aktion,anfrage,antrag,fragebogen,rückruf,demande,questionnaire,rappel,действие,заявка,"
        "анкета,звонок,ενέργεια,αίτηση,ερωτηματολόγιο"
    ),
    Task.CHAT: _words(
        "chat,live chat,support,contact,contact us,write to us,write to support,message,send message,ask a question,"
        "soporte,contacto,mensaje,hilfe,kontakt,nachricht,assistance,contactez nous,поддержка,написать,сообщение,чат,"
        "υποστήριξη,επικοινωνία,μήνυμα"
    ),
    Task.CHANGE_PASSWORD: _words(
        "change password,change your password,change my password,change the password,update password,new password,"
        "edit password,cambiar contraseña,cambiar la contraseña,nueva contraseña,passwort ändern,kennwort ändern,"
        "neues passwort,changer le mot de passe,modifier le mot de passe,nouveau mot de passe,сменить пароль,"
        "изменить пароль,смена пароля,новый пароль,αλλαγή κωδικού,νέος κωδικός"
    ),
    Task.CHANGE_EMAIL: _words(
        "change email,change e-mail,change your email,change your e-mail,change my email,change email address,"
        "change e-mail address,update email,update e-mail,new email,new e-mail,new email address,edit email,"
        "cambiar correo,cambiar el correo,cambiar email,cambiar e-mail,nuevo correo,nuevo email,nuevo e-mail,"
        "email ändern,e-mail ändern,e-mail-adresse ändern,neue e-mail,neue e-mail-adresse,changer l'adresse,"
        "changer l'e-mail,modifier l'e-mail,nouvelle adresse,nouvel e-mail,сменить почту,изменить почту,новая почта,"
        "αλλαγή email,αλλαγή e-mail,νέο email,νέο e-mail"
    ),
    Task.FORGET_PASSWORD: _words(
        "forgot,forgotten,forgot password,forgot your password,forgot my password,forgotten password,"
        "forgotten your password,lost password,lost your password,reset password,reset your password,reset my password,"
        "password reset,password recovery,recover,recover password,recover your password,send link,send the link,"
        "send reset link,olvidado,olvidé,olvidaste,olvidaste tu contraseña,has olvidado tu contraseña,"
        "recuperar contraseña,restablecer contraseña,vergessen,passwort vergessen,kennwort vergessen,"
        "passwort zurücksetzen,oublié,mot de passe oublié,réinitialiser,забыли пароль,забыл пароль,"
        "восстановить пароль,восстановление пароля,сбросить пароль,ξέχασα,ξεχάσατε τον κωδικό,επαναφορά κωδικού"
    ),
    Task.RESET_PASSWORD: _words(
        "reset,reset password,reset your password,reset my password,password reset,new password,choose a new password,"
        "set password,set new password,set a new password,set your password,create password,create a new password,"
        "nueva contraseña,restablecer contraseña,neues passwort,passwort zurücksetzen,nouveau mot de passe,"
        "réinitialiser,новый пароль,сбросить пароль,νέος κωδικός,επαναφορά κωδικού"
    ),
    Task.LEAVE: _words(
        "log out,logout,log off,logoff,sign out,signout,sign off,cerrar sesión,salir,desconectar,abmelden,ausloggen,"
        "déconnexion,se déconnecter,выйти,выход,αποσύνδεση,έξοδος"
    ),
    Task.FILL_IN: (),
}
_ELSEWHERE: Final = _words(
    "search,filter,subscribe,newsletter,reset password,forgot password,change password,recover,log out,logout,sign out,"
    "transfer,convert,calculator"
)
"""What forms are for that serve none of the older tasks."""
ASIDE: Final = _words("cancel,back,reset,clear,delete,resend,preview,show")
_NO_WAY_IN: Final = _words(
    "reset password,forgot password,change password,log out,logout,sign out,"
    "google,facebook,apple,twitter,linkedin,telegram,sso"
)
RIVALS: Final[Mapping[Task, tuple[Task, ...]]] = {
    Task.SIGN_UP: (Task.LOG_IN,),
    Task.LOG_IN: (Task.SIGN_UP,),
    Task.OPEN_ACCOUNT: (Task.DEPOSIT, Task.WITHDRAW),
    Task.DEPOSIT: (Task.WITHDRAW,),
    Task.WITHDRAW: (Task.DEPOSIT,),
    Task.CHANGE_PASSWORD: (Task.SIGN_UP, Task.CHANGE_EMAIL),
    Task.CHANGE_EMAIL: (Task.SIGN_UP, Task.CHANGE_PASSWORD),
    Task.FORGET_PASSWORD: (Task.SIGN_UP,),
    Task.RESET_PASSWORD: (Task.SIGN_UP,),
}
"""What a form may be mistaken for."""
LOOKED_FOR: Final[Mapping[Task, str]] = {
    Task.SIGN_UP: "a form with an e-mail and a password field that has a repeated or new password, a name, "
    "or words such as 'Sign up'",
    Task.LOG_IN: "a form with an e-mail or user name and a password field that is not for signing up",
    Task.OPEN_ACCOUNT: "a form that asks for currency, leverage, group or environment, or has a button 'Open account'",
    Task.DEPOSIT: "a form with an amount field that is not for withdrawals",
    Task.WITHDRAW: "a form with an amount field that is not for deposits",
    Task.SKIP_ACCOUNT: "a button or link such as 'Skip', 'Later', 'Not now' or 'Continue without an account'",
    Task.PASS_KYC: "a form about identity or documents, or the only form to fill in",
    Task.TAKE_ACTION: "a form that asks to do something, or the only form to fill in",
    Task.CHAT: "a form with a field for a message",
    Task.CHANGE_PASSWORD: "a form that asks for a new password, and for the current one or the new one twice",
    Task.CHANGE_EMAIL: "a form that asks for a new e-mail",
    Task.FORGET_PASSWORD: "a form with an e-mail field, no password field, and words such as 'Forgotten password'",
    Task.RESET_PASSWORD: "a form that asks for a new password and not for the current one",
    Task.LEAVE: "a button or link such as 'Log out' or 'Sign out'",
    Task.FILL_IN: "a form that has the controls that are named, or the only form to fill in",
}
GOING_ON: Final = _words(
    "continue,next,proceed,go on,ok,okay,got it,confirm,done,continuar,siguiente,aceptar,confirmar,weiter,fortfahren,"
    "bestätigen,continuer,suivant,confirmer,продолжить,далее,подтвердить,συνέχεια,επόμενο,επιβεβαίωση"
)
"""What stands on the button of a page that only confirms."""


def elsewhere(task: Task) -> tuple[str, ...]:
    """Return what forms say that serve something else than a task."""
    return tuple(phrase for phrase in _ELSEWHERE if phrase not in SAYINGS[task])


def no_way_in(task: Task) -> tuple[str, ...]:
    """Return what links and buttons say that do not lead to a task's form."""
    return tuple(phrase for phrase in _NO_WAY_IN if phrase not in SAYINGS[task])
