"""Drawing a card: 1200 by 630 pixels, the size that social networks show whole."""

from io import BytesIO

from PIL import Image
from PIL.ImageFont import FreeTypeFont

from forum.cards.canvas import Canvas, Side
from forum.cards.card import Card
from forum.cards.typesetting import drawable, font_of, joins_letters, reads_from_right, wrapped
from forum.core.i18n import gettext, ngettext, number

SIZE = (1200, 630)
MOST_LINES = 4

# The colours of forum/static/css/tokens.css in light, which pictures can't choose.
_PAPER, _INK, _SOFT, _LINE = "#f7f6f3", "#1d222c", "#495062", "#e3e0d9"
_BRAND, _ON_BRAND, _TAG, _TAG_INK = "#3d4ccb", "#ffffff", "#ebedfb", "#3947c0"
_GOOD, _GOOD_SOFT = "#1a7145", "#e4f3ea"

_MARGIN = 72
_HEAD = 112
_TEXT_TOP, _TEXT_BOTTOM = 148, 470
_SIZES = (68, 60, 54, 48)
"""Sizes of the title in pixels; the greatest in which it fits without being cut is taken."""
_LEADING = 1.22
_FOOT = 548
_MOST_TAGS = 3
# They keep a minus before its number in a line from right to left, and no font shows them.
_MARKS = str.maketrans("", "", "\u200e\u200f\u061c")


def draw(card: Card) -> bytes:
    """Return the picture of a card as PNG; raise OSError when its font can't be read."""
    picture = Image.new("RGB", SIZE, _PAPER)
    # Where letters of scripts from right to left can't be joined, the words are English.
    canvas = Canvas(picture, is_mirrored=card.is_mirrored and joins_letters())
    _draw_head(canvas, card)
    _draw_title(canvas, card)
    _draw_foot(canvas, card)
    file = BytesIO()
    # Few colours: with a palette the file takes half the space and the time, and nobody sees the difference.
    picture.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _draw_head(canvas: Canvas, card: Card) -> None:
    canvas.box(0, 0, SIZE[0], _HEAD, fill=_BRAND)
    font = font_of(card.font, 40)
    name = wrapped(drawable(card.site_name, font) or "?", font, width=SIZE[0] - 2 * _MARGIN - 84, lines=1)[0]
    canvas.box(_MARGIN, 26, _MARGIN + 60, 86, fill=_ON_BRAND, radius=17)
    canvas.text(_MARGIN + 30, 57, "?", font_of("", 44), ink=_BRAND, side="m")
    canvas.text(_MARGIN + 84, _HEAD // 2, name, font, ink=_ON_BRAND)


def _draw_title(canvas: Canvas, card: Card) -> None:
    font, lines = _set_title(card)
    height = round(font.size * _LEADING)
    top = _TEXT_TOP + (_TEXT_BOTTOM - _TEXT_TOP - height * len(lines)) // 2
    from_right = reads_from_right(" ".join(lines))
    # A title begins where its own script does, whatever the language of the site.
    side: Side = "l" if from_right == canvas.is_mirrored else "r"
    x = _MARGIN if side == "l" else SIZE[0] - _MARGIN
    # The base direction decides where full stops go; only libraries that join letters know it.
    direction = "rtl" if from_right and joins_letters() else None
    for index, line in enumerate(lines):
        y = top + height * index + height // 2
        canvas.text(x, y, line, font, ink=_INK, side=side, direction=direction)


def _set_title(card: Card) -> tuple[FreeTypeFont, tuple[str, ...]]:
    width = SIZE[0] - 2 * _MARGIN
    for size in _SIZES:
        font = font_of(card.font, size)
        # A title in a script that the font lacks is told by the page and not by boxes.
        title = drawable(card.title, font) or _untitled(card, font)
        lines = wrapped(title, font, width=width, lines=MOST_LINES)
        fits = sum(len(line.replace(" ", "")) for line in lines) == len(title.replace(" ", ""))
        if fits and round(size * _LEADING) * len(lines) <= _TEXT_BOTTOM - _TEXT_TOP:
            break
    return font, lines


def _untitled(card: Card, font: FreeTypeFont) -> str:
    site = drawable(card.site_name, font)
    if not site:
        return drawable(gettext("A question at this site"), font) or "A question at this site"
    return drawable(gettext("A question at %(site)s", site=site), font) or f"A question at {site}"


def _draw_foot(canvas: Canvas, card: Card) -> None:
    canvas.box(_MARGIN, _FOOT - 53, SIZE[0] - _MARGIN, _FOOT - 51, fill=_LINE)
    font = font_of(card.font, 30)
    score, answers = _counts(card, font)
    x = _MARGIN + _draw_text(canvas, (_MARGIN, _FOOT), score, font, _SOFT) + 32
    if card.is_solved:
        x += _draw_pill(canvas, (x, _FOOT), answers, font, _GOOD, _GOOD_SOFT, check=True)
    else:
        x += _draw_text(canvas, (x, _FOOT), answers, font, _SOFT)
    _draw_tags(canvas, card, left=x + 32, font=font_of(card.font, 26))


def _counts(card: Card, font: FreeTypeFont) -> tuple[str, str]:
    """Return votes and answers in words; in English ones where the font lacks letters of the language."""
    count = number(card.score).replace("-", "−")
    votes = ngettext("%(num)s vote", "%(num)s votes", abs(card.score), num=count)
    if card.is_solved:
        answers = ngettext("solved, %(num)s answer", "solved, %(num)s answers", card.answer_count)
    else:
        answers = ngettext("%(num)s answer", "%(num)s answers", card.answer_count)
    spoken = [" ".join(text.translate(_MARKS).split()) for text in (votes, answers)]
    if all(drawable(text, font) == text for text in spoken):
        # The mark before it is what such a line begins with, even where a number comes first.
        votes, answers = (
            f"\u200f{text}" if reads_from_right(text.translate(_MARKS)) else text for text in (votes, answers)
        )
        return votes, answers
    votes = f"{count.translate(_MARKS)} {'vote' if abs(card.score) == 1 else 'votes'}"
    answers = f"{number(card.answer_count)} {'answer' if card.answer_count == 1 else 'answers'}"
    return votes, f"solved, {answers}" if card.is_solved else answers


def _draw_tags(canvas: Canvas, card: Card, *, left: float, font: FreeTypeFont) -> None:
    """Draw as many of the first tags as there is room for, at the end of the line."""
    right = SIZE[0] - _MARGIN
    names = [name for name in (drawable(tag, font) for tag in card.tags[:_MOST_TAGS]) if name]
    widths = [font.getlength(name) + 44 for name in names]
    while names and sum(widths) + 14 * (len(names) - 1) > right - left:
        names.pop()
        widths.pop()
    x = right - sum(widths) - 14 * (len(names) - 1)
    for name, width in zip(names, widths, strict=True):
        _draw_pill(canvas, (x, _FOOT), name, font, _TAG_INK, _TAG)
        x += width + 14


def _draw_text(canvas: Canvas, at: tuple[float, float], text: str, font: FreeTypeFont, ink: str) -> float:
    """Draw a text and return its width in pixels."""
    canvas.text(*at, text, font, ink=ink)
    return font.getlength(text)


def _draw_pill(
    canvas: Canvas,
    at: tuple[float, float],
    text: str,
    font: FreeTypeFont,
    ink: str,
    ground: str,
    *,
    check: bool = False,
) -> float:
    """Draw a text on a rounded ground, with a tick before it if told; return the width in pixels."""
    x, y = at
    before = 62 if check else 22
    width = font.getlength(text) + before + 22
    canvas.box(x, y - 26, x + width, y + 26, fill=ground, radius=14)
    if check:
        canvas.tick(x + 22, y, ink=ink)
    canvas.text(x + before, y, text, font, ink=ink)
    return width
