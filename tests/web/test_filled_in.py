"""What is filled into the sentences of templates."""

from flask import Flask, render_template_string


def test_what_somebody_wrote_is_escaped_in_a_sentence_and_html_of_ours_is_not(app: Flask) -> None:
    sentence = """{% set link %}<a href="/">{{ title }}</a>{% endset %}
        {% trans who=name, link=link, count=1234 %}<b>{{ who }}</b> wrote {{ count }} letters
        on {{ link }}, 100% of all.{% endtrans %}"""

    with app.test_request_context():
        html = render_template_string(sentence, name="<i>", title="a & b")

    assert html.strip() == ('<b>&lt;i&gt;</b> wrote 1,234 letters on <a href="/">a &amp; b</a>, 100% of all.')
