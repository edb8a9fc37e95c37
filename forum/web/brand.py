"""What a site changes of the design by its settings: colour, font and logo."""

import hashlib
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, current_app
from flask.typing import ResponseReturnValue

from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.core.settings import LOGO_KINDS, Settings
from forum.web.palette import Colour, palette

blueprint = Blueprint("brand", __name__)

_IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable"}
# A drawing may hold scripts; none of them runs, also when somebody opens the logo by itself.
_DRAWING = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
_ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="8" fill="{colour}"/>
<path fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" \
d="M11.2 12.4a5 5 0 1 1 7.3 4.4c-1.6.9-2.5 1.8-2.5 3.4"/>
<circle cx="16" cy="24.4" r="2" fill="#fff"/>
</svg>
"""


@dataclass(frozen=True, slots=True)
class Brand:
    """The files of a site's own look; each is empty where the site keeps ours."""

    styles: str = ""
    icon: str = ""
    logo: bytes = b""
    logo_type: str = ""

    @property
    def version(self) -> str:
        """A mark of the content, so that browsers may keep the files for ever."""
        content = (self.styles + self.icon).encode() + self.logo
        return hashlib.sha256(content).hexdigest()[:12]

    def address(self, name: str) -> str:
        """Return where browsers find a file of the brand."""
        return f"/brand/{self.version}/{name}"


def install(app: Flask, settings: Settings) -> None:
    """Let pages name the files of the brand; they are made once."""
    brand = _made(settings)
    app.extensions["askwell-brand"] = brand
    app.jinja_env.globals["brand"] = brand


@blueprint.get("/brand/<version>/<name>")
def show(version: str, name: str) -> ResponseReturnValue:
    """Send a file of the brand; any version is answered by the present one."""
    brand: Brand = current_app.extensions["askwell-brand"]
    files: dict[str, tuple[str | bytes, str]] = {
        "styles.css": (brand.styles, "text/css; charset=utf-8"),
        "icon.svg": (brand.icon, "image/svg+xml"),
        "logo": (brand.logo, brand.logo_type),
    }
    content, kind = files.get(name, ("", ""))
    if not content:
        raise NotFound(gettext("There is no such file."))
    is_drawing = kind.startswith("image/svg")
    return Response(content, content_type=kind, headers=_IMMUTABLE | (_DRAWING if is_drawing else {}))


def _made(settings: Settings) -> Brand:
    rules, icon = [], ""
    if settings.brand_colour:
        tokens = palette(Colour.read(settings.brand_colour))
        rules += [f"--{name}: light-dark({light}, {dark});" for name, (light, dark) in tokens.items()]
        icon = _ICON.format(colour=tokens["accent-fill"][0])
    if settings.font:
        rules.append(f"--text: {settings.font}, system-ui, sans-serif;")
    return Brand(
        styles=f":root {{ {' '.join(rules)} }}\n" if rules else "",
        icon=icon,
        logo=settings.logo.read_bytes() if settings.logo else b"",
        logo_type=LOGO_KINDS[settings.logo.suffix.lower()] if settings.logo else "",
    )
