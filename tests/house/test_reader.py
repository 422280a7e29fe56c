"""The demanding reader passes a good page and finds each fault that it promises to find."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.support.complaints import complaints
from tests.support.reader import Page, own_paths

GOOD = (
    '<!doctype html><html lang="ja"><head><title>題名 | 会</title></head><body><main><h1>題名</h1>'
    '<p>本文</p><form method="post" action="/x"><label for="n">名前</label><input id="n" name="n" value="山"></form>'
    "{}</main></body></html>"
)


def read(extra: str, source: str = GOOD) -> Page:
    return Page("/x", 200, source.replace("{}", extra), TestResponse([], "200", {}, None))  # type: ignore[arg-type]


def test_a_good_page_has_no_complaints() -> None:
    assert complaints(read("")) == []


@pytest.mark.parametrize(
    ("extra", "complaint"),
    [
        ("<h1>二</h1>", "h1: ['題名', '二']"),
        ("<h3>飛ぶ</h3>", "<h1> is followed by <h3> (飛ぶ)"),
        ("<h2></h2>", "empty <h2> in line 1"),
        ("<p><div></div></p>", "nesting: line 1: <div> inside <p>, which holds words only"),
        ("<ul><p>x</p></ul>", "nesting: line 1: <p> directly in <ul>"),
        ("<ul>x</ul>", "nesting: line 1: words directly in <ul>: 'x'"),
        ("<span><b></span></b>", "nesting: line 1: </span> where <b> of line 1 is open"),
        ("<div/>", "nesting: line 1: <div/> does not close itself in HTML"),
        ('<a href="/a"><button>x</button></a>', "nesting: line 1: <button> inside <a>"),
        ('<p id="n">x</p>', "id 'n' stands 2 times"),
        ('<a href="#gone">x</a>', "link '#gone' points nowhere"),
        ('<input name="q">', "<input name='q'> in line 1 has no label"),
        ('<a href="/a"></a>', "a link without words to '/a'"),
        ("<a>x</a>", "a link that leads nowhere: 'x' in line 1"),
        ("<button></button>", "a button without words in line 1"),
        ('<img src="/a.png">', "a picture without alt in line 1"),
        ("<style></style>", "inline <style> in line 1"),
        ('<p style="color:red">x</p>', "<p style> in line 1"),
        ('<p onclick="x()">x</p>', "<p onclick> in line 1"),
        ("<p>None</p>", "'None' in <p> in line 1: 'None'"),
        ("<p>{{ x }}</p>", "'{{' in <p> in line 1: '{{ x }}'"),
        ("<p>&amp;amp;</p>", "'&amp;' in <p> in line 1: '&amp;'"),
        ("<p>%(count)s</p>", "'%(count)s' in <p> in line 1: '%(count)s'"),
        (
            "<table><thead><tr><th>一</th></tr></thead><tbody><tr><td>一</td><td>二</td></tr></tbody></table>",
            "table in line 1: 1 columns in the head, [2] in its rows",
        ),
        ("<p>Sign in</p>", "not translated: 'Sign in'"),
        ('<p aria-label="Sign in">x</p>', "not translated: 'Sign in'"),
    ],
)
def test_each_fault_is_found(extra: str, complaint: str) -> None:
    assert complaint in complaints(read(extra))


def test_english_inside_a_japanese_page_may_say_that_it_is_english() -> None:
    assert complaints(read('<p lang="en">Sign in</p>')) == []


def test_a_form_sends_what_a_browser_would() -> None:
    page = read(
        '<form method="post" id="f"><textarea name="t">\n一\n二</textarea><select name="s"><option value="1">a</option>'
        '<option value="2" selected>b</option></select><input type="checkbox" name="c" checked>'
        '<input type="checkbox" name="d"><button name="b" value="1">x</button></form><input name="far" value="9" form="f">'
    )
    assert page.forms[1].values().to_dict(flat=False) == {
        "t": ["一\n二"],
        "s": ["2"],
        "c": ["on"],
        "far": ["9"],
    }
    assert page.forms[1].action == "/x"


def test_links_are_read_as_paths() -> None:
    page = read(
        '<a href="/a?b=1#c">1</a><a href="https://elsewhere.example/">2</a><a href="mailto:a@b.c">3</a>'
    )
    assert [*own_paths(page)] == ["/a?b=1"]
