"""One-time links: to become the first administrator, and to take over an imported account."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.accounts import actions as accounts
from forum.accounts import queries
from forum.accounts.queries import LinkOffer
from forum.accounts.rules import LINK_HOURS
from forum.core.errors import NotFound, Refused
from forum.core.i18n import gettext
from forum.web import login
from forum.web.forms.account import ClaimForm, RegisterForm
from forum.web.request_scope import read_session, settings, signed_in, write_session

blueprint = Blueprint("claiming", __name__)


@blueprint.route("/setup/<token>", methods=["GET", "POST"])
def setup(token: str) -> ResponseReturnValue:
    _offer(token, purpose="first-admin")
    form = RegisterForm.open()
    if form.is_sent_and_valid():
        with form.refusals():
            values = {"name": form.name.text, "email": form.email.text, "password": form.password.text}
            login.begin(accounts.become_first_admin(write_session(), token, **values))
            flash(gettext("Welcome! You run this site now."), "success")
            return redirect(url_for("home.index"), 303)
    return render_template("account/setup.html", form=form), form.status


@blueprint.route("/claim/<token>", methods=["GET", "POST"])
def claim(token: str) -> ResponseReturnValue:
    offer = _offer(token, purpose="claim")
    form = ClaimForm.open(name=offer.user_name)
    if form.is_sent_and_valid():
        with form.refusals():
            values = {"name": form.name.text, "email": form.email.text, "password": form.password.text}
            login.begin(accounts.claim(write_session(), token, **values))
            flash(gettext("This account is yours now."), "success")
            return redirect(url_for("account.settings"), 303)
    return render_template("account/claim.html", form=form, offer=offer), form.status


@blueprint.post("/users/<int:id>/claim-link")
def issue(id: int) -> ResponseReturnValue:
    if not signed_in().is_admin:
        raise Refused("not an admin", gettext("Only administrators can give accounts away."))
    token = accounts.issue_link(write_session(), purpose="claim", user_id=id)
    offer = queries.link_offer(write_session(), token)
    link = settings().address + url_for("claiming.claim", token=token)
    days = LINK_HOURS["claim"] // 24
    return render_template("account/claim_link.html", link=link, offer=offer, days=days)


@blueprint.after_request
def keep_secret(response: Response) -> Response:
    """Let neither caches nor other sites see an address that holds a secret."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _offer(token: str, *, purpose: str) -> LinkOffer:
    offer = queries.link_offer(read_session(), token)
    if offer is None or offer.purpose != purpose:
        raise NotFound(gettext("This link does not work any more; ask an administrator for a new one."))
    return offer
