"""Code blocks, coloured by Pygments when the language is known and colouring is cheap.

Only the name of a language from the list below ever reaches Pygments: its options, settable from the line
that opens a block in other set-ups, raise errors or change what is printed.
"""

import re
from functools import cache
from itertools import groupby

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, Token, _TokenType

MAX_HIGHLIGHTED = 8_000  # characters; some lexers take quadratic time, which is below 0.2 s up to here
MAX_HIGHLIGHTED_SLOW = 2_000  # characters, for the lexers that take longer
SPAN_LENGTH = 25  # characters of markup for a piece of code with a colour
MAX_GROWTH = 12  # times the code; code of one-character tokens grows 25-fold, which no colour is worth

_SLOW = frozenset({"make", "yaml", "console"})
MIN_MARKUP = 1_000  # characters that any block may take

#: The names that may follow the opening of a block, each with the Pygments lexer it stands for.
LANGUAGES = {
    name: names.split()[0]
    for names in (
        "ada", "apache apacheconf", "awk gawk", "bash sh shell zsh", "bat cmd batch dosbatch", "c h",
        "clojure clj", "cmake", "cobol", "coffeescript coffee", "console shell-session terminal",
        "cpp c++ cc cxx hpp", "csharp c# cs", "css", "cuda", "cypher", "d", "dart",
        "delphi pascal objectpascal", "diff patch udiff", "docker dockerfile", "elixir ex exs", "elm",
        "erlang erl", "fortran f90", "fsharp f#", "gherkin cucumber", "go golang", "graphql gql",
        "groovy gradle", "haskell hs", "hcl terraform tf", "html htm xhtml", "http",
        "ini cfg conf dosini properties", "java", "javascript js jsx mjs node", "jinja jinja2",
        "json jsonc json5", "julia jl", "kotlin kt kts", "latex tex", "less", "lisp common-lisp", "lua",
        "make makefile mf", "matlab octave", "mysql", "nasm asm", "nginx", "nim", "nix",
        "objectivec objective-c objc", "ocaml", "perl pl", "php", "postgresql postgres",
        "powershell ps1 posh pwsh", "prolog", "protobuf proto", "pycon python-repl", "pytb traceback",
        "python py python3 py3", "r s", "racket rkt", "ruby rb", "rust rs", "sass", "scala", "scheme scm",
        "scss", "solidity sol", "sql", "sqlite3", "stata", "swift", "tcl", "toml", "typescript ts tsx",
        "vb.net vbnet vb", "verilog", "vhdl", "vim viml", "xml svg", "yaml yml", "zig",
    )
    for name in names.split()
}  # fmt: skip

_FIRST_WORD = re.compile(r"\{?\s*\.?([^\s{},:;]+)")


def language_named(info: str) -> str | None:
    """Return the language that the text after an opening fence names, or None when it is not one we know."""
    word = _FIRST_WORD.match(info.strip())
    return LANGUAGES.get(word[1].lower()) if word else None


def coloured(code: str, language: str) -> list[tuple[str, str]]:
    """Return the code in pieces, each with its Pygments class, or "" when it has no colour of its own."""
    if len(code) > (MAX_HIGHLIGHTED_SLOW if language in _SLOW else MAX_HIGHLIGHTED):
        return [("", code)]
    runs = groupby(_lexer(language).get_tokens(code), key=lambda token: _class(token[0]))
    pieces = [(name, "".join(text for _, text in run)) for name, run in runs]
    markup = SPAN_LENGTH * sum(1 for name, _ in pieces if name)
    return pieces if markup <= max(MIN_MARKUP, MAX_GROWTH * len(code)) else [("", code)]


@cache
def _class(token: _TokenType) -> str:
    while token.parent and token not in STANDARD_TYPES:
        token = token.parent
    # Blanks between tokens are a kind of their own, which has no colour.
    return "" if token is Token.Text.Whitespace else STANDARD_TYPES[token]


@cache
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False, ensurenl=False)
