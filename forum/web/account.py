"""Coming in, going out, and what people tell about themselves."""

import hashlib

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.accounts import actions as accounts
from forum.accounts import queries
from forum.accounts.rules import name_key
from forum.core.errors import Refused, TooMany
from forum.core.i18n import gettext
from forum.images import queries as image_queries
from forum.images.rules import MEGABYTE, in_megabytes
from forum.web import kept_text, login
from forum.web.addresses import safe_next
from forum.web.filters import user_path
from forum.web.forms.account import PasswordForm, ProfileForm, RegisterForm, SignInForm
from forum.web.request_scope import limits, read_session, settings, signed_in, viewer, write_session

blueprint = Blueprint("account", __name__)

_TRIES_PER_NAME = "10 per 5 minutes"
_TRIES_PER_ADDRESS = "30 per 5 minutes"
_REGISTRATIONS = "5 per hour"


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    form = SignInForm.open(next=safe_next(request.args.get("next")))
    if not form.is_sent:
        return redirect(_destination(form.next.data)) if viewer() else _sign_in_page(form, status=200)
    if not form.validate():
        return _sign_in_page(form, status=422)
    try:
        _count_try(form.login.text)
    except TooMany as error:
        form.form_errors.append(error.message)
        return _sign_in_page(form, status=429, retry_after=error.retry_after)
    person = accounts.recognise(read_session(), login=form.login.text, password=form.password.text)
    if person is None:
        form.form_errors.append(
            gettext("This name and password don't belong together. Check both and try again.")
        )
        return _sign_in_page(form, status=422)
    if person.has_outdated_hash:
        accounts.renew_hash(write_session(), person.user_id, form.password.text)
    login.begin(person.user_id)
    if (kept := kept_text.of_sign_in()) is not None:
        return render_template("account/kept.html", kept=kept)
    return redirect(_destination(form.next.data), 303)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    login.end()
    response = redirect(url_for("home.index"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    if settings().registration == "closed":
        raise Refused(
            "closed", gettext("Registration is closed on this site; ask its administrator for an account.")
        )
    form = RegisterForm.open(next=safe_next(request.args.get("next")))
    if viewer() is not None:
        return redirect(_destination(form.next.data))
    if form.is_sent_and_valid() and _is_free(form):
        message = gettext("Several accounts were made from your network just now. Try again in an hour.")
        limits().count(_REGISTRATIONS, "register", request.remote_addr or "", message=message)
        with form.refusals():
            values = {"name": form.name.text, "email": form.email.text, "password": form.password.text}
            login.begin(accounts.register(write_session(), **values))
            flash(gettext("Welcome, %(name)s! You are signed in.", name=form.name.text.strip()), "success")
            return redirect(_destination(form.next.data), 303)
    return render_template("account/register.html", form=form), form.status


@blueprint.route("/settings", methods=["GET", "POST"], endpoint="settings")
def profile() -> ResponseReturnValue:
    person = signed_in()
    own = queries.own_profile(read_session(), person.id)
    form = ProfileForm.open(about=own.about, location=own.location, website=own.website, email=own.email)
    if form.is_sent_and_valid():
        with form.refusals():
            accounts.edit_profile(
                write_session(),
                person.id,
                about=form.about.text,
                location=form.location.text,
                website=form.website.text,
                email=form.email.text,
            )
            flash(gettext("Your profile is saved."), "success")
            return redirect(user_path(person.id, person.name), 303)
    used = in_megabytes(image_queries.used_bytes(read_session(), person.id))
    quota = in_megabytes(settings().image_quota_mb * MEGABYTE)
    return render_template("account/settings.html", form=form, used=used, quota=quota), form.status


@blueprint.route("/settings/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    person = signed_in()
    form = PasswordForm.open()
    if form.is_sent_and_valid():
        _count_try(person.name)
        with form.refusals():
            accounts.change_password(
                write_session(),
                person.id,
                current=form.current.text,
                new=form.new.text,
                keep_token=login.token(),
            )
            flash(gettext("Your password is changed. All other browsers are signed out."), "success")
            return redirect(url_for("account.settings"), 303)
    return render_template("account/password.html", form=form), form.status


def _destination(address: str | None) -> str:
    return safe_next(address) or url_for("home.index")


def _count_try(name: str) -> None:
    """Count a guess at a password, for the account and for the network address it comes from."""
    message = gettext("There were too many attempts to sign in. Wait a few minutes and try again.")
    # Names of any length fit the column as a digest, and nobody reads them there.
    account = hashlib.sha256(name_key(name).encode()).hexdigest()[:32]
    limits().count(_TRIES_PER_ADDRESS, "sign-in", "address", request.remote_addr or "", message=message)
    limits().count(_TRIES_PER_NAME, "sign-in", "name", account, message=message)


def _is_free(form: RegisterForm) -> bool:
    """Tell whether nobody has the name yet, so that trying names does not count as making accounts."""
    key = name_key(form.name.text)
    if not queries.people_named(read_session(), [key]):
        return True
    form.name.errors = [gettext("Somebody else has this name, or one that looks like it; choose another.")]
    return False


def _sign_in_page(form: SignInForm, *, status: int, retry_after: int | None = None) -> Response:
    page = render_template("account/sign_in.html", form=form, kept=kept_text.of_sign_in())
    response = make_response(page, status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response
