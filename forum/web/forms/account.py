"""Forms of accounts: coming in, and what one tells about oneself."""

from wtforms import HiddenField

from forum.accounts import rules
from forum.web.forms.fields import PageForm, Secret, TextBlock, TextLine, checked
from forum.web.languages import lazy_gettext

_NEW_PASSWORD = {
    "required": True,
    "autocomplete": "new-password",
    "minlength": rules.PASSWORD_LENGTH[0],
    "maxlength": rules.PASSWORD_LENGTH[1],
}
_LOGIN = {"required": True, "autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
_NAME = {**_LOGIN, "maxlength": rules.NAME_LENGTH[1]}
_EMAIL = {"type": "email", "autocomplete": "email", "maxlength": rules.EMAIL_LENGTH}


class SignInForm(PageForm):
    """Name or e-mail address, and password."""

    login = TextLine(lazy_gettext("Name or e-mail address"), render_kw=_LOGIN)
    password = Secret(
        lazy_gettext("Password"), render_kw={"required": True, "autocomplete": "current-password"}
    )
    next = HiddenField()


class RegisterForm(PageForm):
    """A new account; also used to claim one and to make the first administrator."""

    name = TextLine(lazy_gettext("Name"), validators=[checked(rules.check_name)], render_kw=_NAME)
    email = TextLine(lazy_gettext("E-mail address (optional)"), render_kw=_EMAIL)
    password = Secret(lazy_gettext("Password"), render_kw=_NEW_PASSWORD)
    next = HiddenField()


class ClaimForm(PageForm):
    """An imported account gets a password; its name may stay although today's rules would refuse it."""

    name = TextLine(lazy_gettext("Name"), render_kw=_NAME)
    email = TextLine(lazy_gettext("E-mail address (optional)"), render_kw=_EMAIL)
    password = Secret(lazy_gettext("Password"), render_kw=_NEW_PASSWORD)


class ProfileForm(PageForm):
    """What others see of a person, and the address that nobody sees."""

    about = TextBlock(lazy_gettext("About you"))
    location = TextLine(lazy_gettext("Location"), render_kw={"maxlength": rules.LOCATION_LENGTH})
    website = TextLine(
        lazy_gettext("Website"),
        validators=[checked(rules.check_website)],
        render_kw={"inputmode": "url", "maxlength": rules.WEBSITE_LENGTH, "autocomplete": "url"},
    )
    email = TextLine(lazy_gettext("E-mail address"), render_kw=_EMAIL)


class PasswordForm(PageForm):
    """The present password and a new one."""

    current = Secret(
        lazy_gettext("Present password"), render_kw={"required": True, "autocomplete": "current-password"}
    )
    new = Secret(lazy_gettext("New password"), render_kw=_NEW_PASSWORD)
