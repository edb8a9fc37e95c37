"""`askwell user`"""

import sys

import click
from sqlalchemy.orm import Session

from forum.accounts import actions as accounts
from forum.accounts import queries
from forum.accounts.rules import ROLES
from forum.cli.site import open_site
from forum.core.errors import NotFound

_password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of the standard input."
)


@click.group("user")
def command() -> None:
    """Make accounts and help people into theirs."""


@command.command("create")
@click.argument("name", required=False)
@click.option("--email", default="", help="E-mail address to sign in with, besides the name.")
@click.option("--admin", "role", flag_value="admin", help="Make an administrator.")
@click.option("--moderator", "role", flag_value="moderator", help="Make a moderator.")
@_password_stdin
def create(name: str | None, email: str, role: str | None, password_stdin: bool) -> None:
    """Make an account called NAME; asks for the password."""
    if name is None:
        name = str(click.prompt("Name"))
    password = _new_password(password_stdin)
    with open_site() as site, site.database.transaction() as session:
        user_id = accounts.create_user(
            session, name=name, email=email, password=password, role=role or "member"
        )
    click.echo(f"Made {role or 'member'} {name} with id {user_id}.")


@command.command("promote")
@click.argument("login")
@click.option("--role", type=click.Choice(ROLES), default="moderator", show_default=True)
def promote(login: str, role: str) -> None:
    """Give the person called LOGIN (name, e-mail address or id) another role."""
    with open_site() as site, site.database.transaction() as session:
        accounts.set_role(session, _person(session, login), role)
    click.echo(f"{login} is {role} now.")


@command.command("password")
@click.argument("login")
@_password_stdin
def password(login: str, password_stdin: bool) -> None:
    """Give the person called LOGIN (name, e-mail address or id) a new password and sign them out."""
    with open_site() as site:
        with site.database.reading() as session:
            user_id = _person(session, login)
        new = _new_password(password_stdin)
        with site.database.transaction() as session:
            accounts.set_password(session, user_id, password=new)
    click.echo(f"{login} has a new password and is signed out everywhere.")


@command.command("claim-link")
@click.argument("login")
def claim_link(login: str) -> None:
    """Print the one-time link by which somebody takes over the imported account LOGIN (name or id)."""
    with open_site() as site:
        with site.database.transaction() as session:
            token = accounts.issue_link(session, purpose="claim", user_id=_person(session, login))
        click.echo(f"{site.settings.address}/claim/{token}")


def _person(session: Session, login: str) -> int:
    user_id = queries.find_user(session, login)
    if user_id is None:
        raise NotFound(f"There is nobody called {login!r} here.")
    return user_id


def _new_password(from_stdin: bool) -> str:
    """Return the password from the terminal, typed twice without showing it, or from the standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
