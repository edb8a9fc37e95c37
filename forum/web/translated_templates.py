"""Templates compiled for each language: the words of a page are looked up then, and not at every view.

A list has some 250 messages. To find each in its catalogue would cost as much as all the rest of the page.
"""

from collections.abc import Callable, MutableMapping
from functools import lru_cache, partial
from gettext import NullTranslations
from typing import Any

from flask.sansio.app import App
from flask.templating import Environment
from jinja2 import BaseLoader, Template, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from forum.core.i18n import speech
from forum.web.safe_html import stored_html
from forum.web.unindented_templates import unindent

Forms = tuple[str, ...]

_SMALL = 1000
"""Below it no language groups digits."""
_COUNTS = range(1000)
"""Counts among which each plural form of any language of CLDR occurs."""


class _Template(Template):
    """A template whose macros are made once, and not for each page that imports them."""

    def _get_default_module(self, _context: Context | None = None) -> TemplateModule:
        """Return its macros; none of ours needs what only the importing page knows."""
        return super()._get_default_module()


class TranslatedEnvironment(Environment):
    """An environment for templates in English that finds those in other languages by itself."""

    template_class = _Template

    def __init__(self, app: App, **options: Any) -> None:
        """Make the environment as Flask does; `speak_through` tells it which languages there are."""
        super().__init__(app, **options)
        self.translations: NullTranslations = NullTranslations()
        self._present: Callable[[], str] | None = None
        self._load: Callable[[str], NullTranslations] = lambda _code: NullTranslations()
        self._spoken: dict[str, TranslatedEnvironment] = {}
        self.globals["_filled_in"] = filled_in
        self._count_in("en")

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what a template may name, as one dictionary: each page copies it, and layers take long."""
        return {**self.globals, **(d or {})}

    def speak_through(
        self, present: Callable[[], str], translations: Callable[[str], NullTranslations]
    ) -> None:
        """Take the code of the present language, and the words of each language, from these two."""
        self._present, self._load = present, translations

    def get_template(self, name: str | Template, parent: str | None = None, globals: Any = None) -> Template:
        """Return a template in the present language; what it imports comes in the same one."""
        if self._present is not None:
            return self._in(self._present()).get_template(name, parent, globals)
        template: Template = super().get_template(name, parent, globals)
        return template

    def _in(self, code: str) -> "TranslatedEnvironment":
        if code not in self._spoken:
            environment = self.overlay(loader=_Named(self.loader, code) if self.loader else None)
            environment.translations, environment._present = self._load(code), None
            # All these environments share their globals.
            environment._count_in(code)
            self._spoken[code] = environment
        return self._spoken[code]

    def _count_in(self, code: str) -> None:
        self._counted = f"_counted_{code}"
        self.globals[self._counted] = partial(counted, plural_of(self.translations))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _Translator(self.translations, self._counted).visit(tree)
        unindent(tree)
        return tree


class _Named(BaseLoader):
    """A loader that names files with their language, which is what compiled templates are kept by."""

    def __init__(self, loader: BaseLoader, code: str) -> None:
        self._loader = loader
        self._code = code

    def get_source(self, environment: Any, template: str) -> Any:
        source, filename, is_current = self._loader.get_source(environment, template)
        return source, f"{filename}[{self._code}]", is_current


class _Translator(NodeTransformer):
    """Puts the words of one language in the place of the calls that would look them up."""

    def __init__(self, translations: NullTranslations, counted: str) -> None:
        self._translations = translations
        self._counted = counted

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        """Return the node, or what stands in its place."""
        if not isinstance(node, nodes.Call):
            return super().visit(node, *args, **kwargs)
        self.generic_visit(node)
        return self._translated(node)

    def _translated(self, node: nodes.Call) -> nodes.Node:
        if not isinstance(node.node, nodes.Name):
            return node
        words = [argument.value for argument in node.args if isinstance(argument, nodes.Const)]
        match node.node.name, words:
            case (("_" | "gettext"), [message]):
                return self._sentence(node, self._translations.gettext(message))
            case "pgettext", [context, message]:
                return self._sentence(node, self._translations.pgettext(context, message))
            case "ngettext", [singular, plural]:
                forms = self._forms(lambda n: self._translations.ngettext(singular, plural, n))
                return self._of_count(node, forms, node.args[2])
            case "npgettext", [context, singular, plural]:
                forms = self._forms(lambda n: self._translations.npgettext(context, singular, plural, n))
                return self._of_count(node, forms, node.args[3])
        return node

    def _sentence(self, node: nodes.Call, text: str) -> nodes.Node:
        if not node.kwargs:
            constant = nodes.Const(text % {} if "%" in text else text, lineno=node.lineno)
            return nodes.MarkSafe(constant, lineno=node.lineno)
        return self._call(node, "_filled_in", nodes.Const(text, lineno=node.lineno))

    def _of_count(self, node: nodes.Call, forms: Forms, count: nodes.Expr) -> nodes.Node:
        return self._call(node, self._counted, nodes.Const(forms, lineno=node.lineno), count)

    def _call(self, node: nodes.Call, name: str, *arguments: nodes.Expr) -> nodes.Node:
        function = nodes.Name(name, "load", lineno=node.lineno)
        return nodes.Call(function, list(arguments), node.kwargs, None, None, lineno=node.lineno)

    def _forms(self, form_for: Callable[[int], str]) -> Forms:
        """Return the forms of a message, in the order in which `_plural` of the language counts them."""
        return tuple(form_for(count) for count in _examples(plural_of(self._translations)))


def filled_in(text: str, /, **variables: Any) -> Markup:
    """Return a sentence of our catalogues, filled in; what is filled in is escaped, and integers grouped."""
    return stored_html(text % {name: _shown(value) for name, value in variables.items()})


def counted(plural: Callable[[int], int], forms: Forms, count: int, /, **variables: Any) -> Markup:
    """Return the form of a sentence that a language has for a count, filled in as others are."""
    return filled_in(forms[int(plural(count))], **{"num": count, **variables})


def plural_of(translations: NullTranslations) -> Callable[[int], int]:
    """Return the function that gives the number of a plural form; that of English where there is none."""
    rule: Callable[[int], int] | None = getattr(translations, "plural", None)
    return rule or _english_plural


def _english_plural(count: int) -> int:
    return int(count != 1)


@lru_cache
def _examples(plural: Callable[[int], int]) -> tuple[int, ...]:
    """Return a count for each plural form of a language, in their order."""
    examples: dict[int, int] = {}
    for count in _COUNTS:
        examples.setdefault(int(plural(count)), count)
    return tuple(count for _, count in sorted(examples.items()))


def _shown(value: Any) -> Any:
    if type(value) is int:
        return str(value) if 0 <= value < _SMALL else speech.number(value)
    return escape(value)
