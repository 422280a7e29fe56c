"""Words are put into templates when they are compiled, once per language."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask, render_template, render_template_string
from jinja2 import Environment
from markupsafe import Markup

from portal.core.i18n import _, _l, in_language, lazy_ngettext, ngettext


def test_the_same_template_speaks_the_readers_language(app: Flask) -> None:
    said = {}
    for language in ("ja", "en", "ja"):
        with app.test_request_context(), in_language(language):
            said[language] = render_template("home/show_faq.html", questions=[])
    assert "よくあるご質問" in said["ja"]
    assert "Questions and answers" in said["en"]
    assert "よくあるご質問" not in said["en"]


def test_words_with_variables_are_escaped(app: Flask) -> None:
    source = "{{ _('Step %(number)s of %(count)s', number=name, count=2) }}|{{ _('Search') }}"
    with app.test_request_context(), in_language("en"):
        shown = render_template_string(source, name="<b>")
    assert shown == "Step &lt;b&gt; of 2|Search"


def test_lazy_words_are_escaped_too(app: Flask) -> None:
    """A refusal repeats what was typed. Mutant: Flask-Babel's own lazy text, which calls itself markup."""
    said = _l("Step %(number)s of %(count)s", number="<b>", count=2)
    with app.test_request_context(), in_language("en"):
        shown = render_template_string(
            "{{ said }}|{{ said | upper }}|{{ many }}",
            said=said,
            many=lazy_ngettext("%(what)s", "%(what)s", 1, what="<i>"),
        )
    assert shown == "Step &lt;b&gt; of 2|STEP &lt;B&gt; OF 2|&lt;i&gt;"


def test_a_message_nobody_translated_is_shown_as_it_stands(app: Flask) -> None:
    with app.test_request_context(), in_language("ja"):
        assert render_template_string("{{ _('Never translated 100 %%') }}") == "Never translated 100 %"


def test_lazy_words_follow_the_reader(app: Flask) -> None:
    word = _l("Search")
    with in_language("ja"):
        japanese = (str(word), _("Search"))
    with in_language("en"):
        english = (str(word), _("Search"))
    assert (japanese, english) == (("検索", "検索"), ("Search", "Search"))


def test_plurals(app: Flask) -> None:
    with in_language("en"):
        english = [ngettext("%(num)d institution", "%(num)d institutions", n) for n in (0, 1, 2)]
    with in_language("ja"):
        japanese = [ngettext("%(num)d institution", "%(num)d institutions", n) for n in (1, 2)]
    assert english == ["0 institutions", "1 institution", "2 institutions"]
    assert japanese == ["1機関", "2機関"]


class Marked:
    """Something that brings its own markup."""

    def __html__(self) -> str:
        return "<i>own</i>"


@pytest.mark.parametrize(
    "value",
    [
        "<b>&\"'",
        "計測",
        "",
        0,
        -7,
        True,
        None,
        1.5,
        Decimal("2.50"),
        Markup("<b>"),
        Marked(),
        ["<"],
        _l("Search"),
    ],
)
def test_a_value_is_written_as_jinja_would(app: Flask, value: object) -> None:
    plain = Environment(autoescape=True)
    with app.test_request_context():
        for source in (
            "{{ value }}",
            "{% macro m(v) %}[{{ v }}]{% endmacro %}{{ m(value) }}|{{ m(v=value)|upper }}",
        ):
            assert render_template_string(source, value=value) == plain.from_string(source).render(
                value=value
            )
            assert render_template_string(source, value=[value]) == plain.from_string(source).render(
                value=[value]
            )


def test_a_dict_gives_its_keys_and_keeps_its_methods(app: Flask) -> None:
    source = "{{ each.label }}|{{ each.items()|list|length }}|{{ each.nothing is defined }}"
    with app.test_request_context():
        assert render_template_string(source, each={"label": "<", "items": "taken"}) == "&lt;|2|False"


BODY = """{% if first %}One.{% else %}None.{% endif %}

{% for each in listed %}
- {{ each }}
{% endfor %}

{% if last %}
Last.
{% endif %}"""


@pytest.mark.parametrize(("name", "parts"), [("emails/a/b/body.txt", 3), ("documents/a.txt", 2)])
def test_an_empty_line_after_a_tag_parts_paragraphs_of_a_mail_alone(
    app: Flask, name: str, parts: int
) -> None:
    """Elsewhere a tag takes the break of its line along, as Jinja is told to."""
    environment = app.jinja_env.in_language("en")  # type: ignore[attr-defined]
    tree = environment.parse(BODY, name)
    made = environment.template_class.from_code(
        environment, environment.compile(tree, name), environment.make_globals(None)
    )
    said = made.render(first=True, listed=["a", "b"], last=True)
    paragraphs = [part.strip() for part in said.split("\n\n") if part.strip()]
    assert len(paragraphs) == parts
    assert "- a\n- b" in said
