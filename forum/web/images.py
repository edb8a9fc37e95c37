"""Uploading images, by a form or by a script, and serving them."""

from functools import partial
from http import HTTPStatus

from flask import Blueprint, Flask, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.core.markup.image_names import ImageName, named
from forum.images import actions, rules, uploading
from forum.images.storage import content_type
from forum.images.uploading import Allowance
from forum.web.forms.images import ImageForm
from forum.web.request_scope import (
    image_store,
    is_safe,
    limits,
    read_session,
    settings,
    signed_in,
    write_session,
)

blueprint = Blueprint("images", __name__)

_UPLOADS = "60 per hour"
"""A long manual has thirty; whoever sends more may come back for the rest."""
_FORM_BYTES = 100_000
"""What a form has besides its file: the token, the description, names and boundaries."""
_CHUNK_BYTES = 65_536

# The address names the content, so it never changes; and should a browser ever take an image for a page, that
# page can do nothing.
_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
}


def install(app: Flask) -> None:
    """Let signed-in people send files, which are larger than all else, before anything reads them."""
    app.before_request(_admit_file)
    app.jinja_env.globals["takes_images"] = app.extensions["askwell"].settings.image_quota_mb > 0


@blueprint.post("/images")
def upload() -> ResponseReturnValue:
    """Keep the file of a script and answer in JSON; errors too are JSON, see `errors`."""
    alt = request.form.get("alt", "")
    image = _keep(request.files.get("file"))
    answer = {
        "url": image.path,
        "width": image.width,
        "height": image.height,
        "markdown": rules.markdown(image.path, alt),
    }
    return answer, HTTPStatus.CREATED


@blueprint.route("/images/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Keep the file of a form, and show it with the line that shows it in a text."""
    signed_in()
    rules.refuse_while_off(_allowance().quota_bytes)
    form = ImageForm.open()
    if form.is_sent_and_valid():
        with form.refusals():
            image = _keep(form.file.data)
            line = rules.markdown(image.path, form.alt.text)
            page = render_template("images/added.html", image=image, markdown=line, alt=form.alt.text)
            return page, HTTPStatus.CREATED
    return render_template("images/new.html", form=form, allowance=_allowance(), rules=rules), form.status


@blueprint.get("/images/<name>")
def show(name: str) -> Response:
    """Send a file of an image to anybody; nothing is asked of the database."""
    image = named(name)
    if image is None:
        raise NotFound(gettext("There is no such image."))
    response = Response(mimetype=content_type(name), headers=_HEADERS)
    response.set_etag(name)
    if name not in request.if_none_match:
        file = image_store().read(name)
        if file is None:
            raise NotFound(
                gettext("There is no such image. It may have been removed because no text showed it.")
            )
        response.content_length = file.byte_count
        if request.method == "HEAD":
            file.content.close()
        else:
            response.response = iter(partial(file.content.read, _CHUNK_BYTES), b"")
            response.call_on_close(file.content.close)
    response.make_conditional(request)
    return response


def too_large() -> str:
    """Return what to tell about a file of more bytes than are read."""
    return rules.too_large(_allowance().file_bytes)


def _keep(file: FileStorage | None) -> ImageName:
    person, allowance, store = signed_in(), _allowance(), image_store()
    message = gettext("You have uploaded many images within an hour. Go on a little later.")
    limits().count(_UPLOADS, "images", str(person.id), message=message)
    content = b"" if file is None else file.read()
    ready = uploading.prepare(read_session(), store, person.id, content, allowance=allowance)
    return actions.keep(write_session(), store, ready, quota_bytes=allowance.quota_bytes)


def _allowance() -> Allowance:
    site = settings()
    return Allowance(
        quota_bytes=site.image_quota_mb * rules.MEGABYTE,
        file_bytes=site.image_max_mb * rules.MEGABYTE,
        pixels=site.image_max_megapixels * 1_000_000,
    )


def _admit_file() -> None:
    if request.blueprint != blueprint.name or is_safe():
        return
    signed_in()
    request.max_content_length = _allowance().file_bytes + _FORM_BYTES
    if (request.content_length or 0) > request.max_content_length:
        abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large())
