"""Text and HTML of rows, there and back."""

import pytest

from offorte_portal.compose.content import is_formatted, to_html, to_text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Balk", "<p>Balk</p>"),
        ("Balk\nvan vuren", "<p>Balk<br>van vuren</p>"),
        ("Balk\r\n\r\n\nVuren", "<p>Balk</p><p>Vuren</p>"),
        ("<b>3 & 4</b>", "<p>&lt;b&gt;3 &amp; 4&lt;/b&gt;</p>"),
        ("  ", ""),
    ],
)
def test_what_is_typed_is_text_never_html(text: str, html: str) -> None:
    assert to_html(text) == html
    assert to_text(html).split("\n") == [line.strip() for line in text.splitlines() if line.strip()] or not html


def test_html_becomes_readable_text() -> None:
    html = (
        "<style>p {color: red}</style><h3>Balk</h3><p>van <strong>vuren</strong> &amp; eiken</p>"
        "<ul><li>Een</li><li>Twee</li></ul><script>alert('<p>x</p>')</script>"
        "<table><tr><th>Maat</th><td>6</td></tr></table>"
    )
    assert to_text(html) == "Balk\nvan vuren & eiken\nEen\nTwee\nMaat 6"
    assert to_text(" Balk ") == "Balk"


@pytest.mark.parametrize(
    ("html", "expected"),
    [("Balk", False), ("<p>Balk<br>x</p>", False), ("<p><b>Balk</b></p>", True), ("<ul><li>x</li></ul>", True)],
)
def test_only_what_text_can_not_say_is_formatting(html: str, expected: bool) -> None:
    assert is_formatted(html) is expected
