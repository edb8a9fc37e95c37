"""Who may do what, and what a name and a password must be."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from forum.core.errors import Invalid, Refused
from forum.core.i18n import gettext, marked
from forum.core.markup.mentions import mention_key

NAME_LENGTH = (2, 40)
PASSWORD_LENGTH = (10, 1024)
EMAIL_LENGTH = 254
ABOUT_LENGTH = 3000
LOCATION_LENGTH = 100
WEBSITE_LENGTH = 200
ROLES = ("member", "moderator", "admin")
SESSION_DAYS = 90
"""After so many days everybody signs in again."""
LINK_HOURS = {"first-admin": 24 * 7, "claim": 24 * 7}
"""How long a one-time link works."""

_RESERVED = frozenset(
    {"admin", "administrator", "moderator", "system", "root", "support", "askwell", "me", "anonymous"}
)
_NAME_MARKS = frozenset(" ._-'’")
# Passwords that a guesser tries first and that the length rule alone lets through.
_COMMON_TEXT = """
1234567890 0123456789 12345678910 123456789a password12 password123 password1234 passw0rd123
qwertyuiop qwerty12345 qwerty123456 1q2w3e4r5t 1qaz2wsx3edc iloveyou123 letmein1234 welcome123
welcome1234 administrator changeme123 football123 baseball123 abcdefghij abcdefghijk abc1234567
1111111111 0000000000 aaaaaaaaaa asdfghjkl123 zaq12wsxcde3 superman123 princess123 sunshine123
monkey12345
"""
_COMMON = frozenset(_COMMON_TEXT.split())


class Privilege(StrEnum):
    """What not everybody may do at once."""

    ASK = marked("ask and answer questions")
    COMMENT = marked("comment on any post")
    VOTE_UP = marked("vote posts and comments up")
    VOTE_DOWN = marked("vote posts down")
    CREATE_TAG = marked("create tags")
    EDIT_OTHERS = marked("edit other people's questions and answers")
    EDIT_TAGS = marked("edit tag descriptions")


PRIVILEGES: Mapping[Privilege, int] = MappingProxyType(
    {
        # A young site has nobody yet who could have earned the first five: see docs/decisions.
        Privilege.ASK: 1,
        Privilege.COMMENT: 1,
        Privilege.VOTE_UP: 1,
        Privilege.VOTE_DOWN: 1,
        Privilege.CREATE_TAG: 1,
        # Stack Exchange lets people of this reputation edit without a review.
        Privilege.EDIT_OTHERS: 2000,
        Privilege.EDIT_TAGS: 2000,
    }
)
"""The reputation that each privilege takes; moderators have them all."""

# Whole sentences, as other languages put the verb elsewhere.
_LACKING: Mapping[Privilege, str] = MappingProxyType(
    {
        Privilege.ASK: marked(
            "You need %(needed)s reputation to ask and answer questions; you have %(have)s."
        ),
        Privilege.COMMENT: marked(
            "You need %(needed)s reputation to comment on any post; you have %(have)s."
        ),
        Privilege.VOTE_UP: marked(
            "You need %(needed)s reputation to vote posts and comments up; you have %(have)s."
        ),
        Privilege.VOTE_DOWN: marked("You need %(needed)s reputation to vote posts down; you have %(have)s."),
        Privilege.CREATE_TAG: marked("You need %(needed)s reputation to create tags; you have %(have)s."),
        Privilege.EDIT_OTHERS: marked(
            "You need %(needed)s reputation to edit other people's questions and answers; you have %(have)s."
        ),
        Privilege.EDIT_TAGS: marked(
            "You need %(needed)s reputation to edit tag descriptions; you have %(have)s."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who does something, as the rules see them."""

    id: int
    name: str
    role: str
    reputation: int
    new_match_count: int = 0
    """New matches of the person's saved searches, for whom a page is shown to; 0 where nobody asks."""

    @property
    def is_moderator(self) -> bool:
        """Whether the person keeps order here."""
        return self.role in {"moderator", "admin"}

    @property
    def is_admin(self) -> bool:
        """Whether the person runs the site."""
        return self.role == "admin"

    def has(self, privilege: Privilege) -> bool:
        """Tell whether the person's reputation or role gives the privilege."""
        return self.is_moderator or self.reputation >= PRIVILEGES[privilege]


def refuse_without(actor: Actor, privilege: Privilege) -> None:
    """Raise Refused unless the person has the privilege."""
    if not actor.has(privilege):
        needed = PRIVILEGES[privilege]
        message = gettext(_LACKING[privilege], needed=needed, have=actor.reputation)
        raise Refused("reputation", message)


def name_key(name: str) -> str:
    """Return what no two names may share, by which mentions and signing in find people.

    Case, width, blanks, punctuation and invisible signs don't tell people apart.
    """
    return mention_key(name)


def email_key(email: str) -> str:
    """Return the form of an e-mail address by which accounts are found."""
    return unicodedata.normalize("NFKC", email.strip()).casefold()


def check_name(name: str) -> str:
    """Return the name with its blanks put in order; raise Invalid when it can't be one."""
    name = re.sub(r"\s+", " ", unicodedata.normalize("NFC", name)).strip()
    least, most = NAME_LENGTH
    if not least <= len(name) <= most:
        raise Invalid("name", gettext("A name has %(least)s to %(most)s characters.", least=least, most=most))
    if any(not _belongs_in_name(letter) for letter in name):
        raise Invalid("name", gettext("A name consists of letters, digits, spaces and the signs . _ - '"))
    if len(name_key(name)) < least:
        raise Invalid("name", gettext("A name has at least %(least)s letters or digits.", least=least))
    if name_key(name) in _RESERVED:
        raise Invalid("name", gettext("This name is reserved; choose another."))
    return name


def check_password(password: str, *, name: str, email: str = "") -> None:
    """Raise Invalid for a password that is too short, too long or easily guessed."""
    least, most = PASSWORD_LENGTH
    if len(password) < least:
        message = gettext(
            "A password has at least %(least)s characters; a few words make a good one.", least=least
        )
        raise Invalid("password", message)
    if len(password) > most:
        raise Invalid("password", gettext("A password has at most %(most)s characters.", most=most))
    folded = password.casefold()
    guessable = {name_key(name), email_key(email), email_key(email).partition("@")[0], "askwell"} - {""}
    if folded in _COMMON or folded.strip("0123456789!.") in guessable or len(set(folded)) < 4:
        raise Invalid(
            "password", gettext("This password is easily guessed; a few unrelated words make a good one.")
        )


def check_website(website: str) -> str:
    """Return the address with its scheme; raise Invalid for anything but http and https."""
    website = website.strip()
    if website and "://" not in website:
        website = f"https://{website}"
    if website and not re.fullmatch(r"https?://[^\s/?#<>\"'\\@]+\.[^\s<>\"'\\]+", website):
        raise Invalid("website", gettext("Write the address of your website as https://example.org."))
    if len(website) > WEBSITE_LENGTH:
        message = gettext("The address has at most %(most)s characters.", most=WEBSITE_LENGTH)
        raise Invalid("website", message)
    return website


def profile_path(user_id: int) -> str:
    """Return the address of a profile on this site."""
    return f"/users/{user_id}"


def _belongs_in_name(letter: str) -> bool:
    # Marks (Mn, Mc) spell names in many scripts; controls and direction signs (C*) only deceive.
    return letter in _NAME_MARKS or unicodedata.category(letter)[0] in "LM" or letter.isdigit()
