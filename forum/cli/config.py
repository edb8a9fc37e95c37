"""`askwell config`"""

import click

from forum.core.settings import PREFIX, Settings, load_settings

_SECRETS = frozenset({"secret_key", "database_url", "opensearch_url", "metrics_token", "image_secret_key"})


@click.command("config")
def command() -> None:
    """Print every setting with its present value, in the form of a file .env; secrets stay hidden."""
    settings = load_settings()
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        click.echo(f"# {field.description}")
        if value is None:
            click.echo(f"# {PREFIX}{name.upper()}=\n")
        else:
            click.echo(f"{PREFIX}{name.upper()}={'(set)' if name in _SECRETS else value}\n")
