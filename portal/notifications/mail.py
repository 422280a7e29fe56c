"""Rendering of mails: subject, plain text and its HTML twin, in the reader's language or in both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template
from markupsafe import Markup

from portal.core.context import current_settings
from portal.core.i18n import LANGUAGES, in_language


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a mail. `language` None: unknown, so Japanese first and English below."""

    email: str
    name: str = ""
    organisation: str = ""
    language: str | None = None
    person_id: int | None = None


def render_mail(
    event: str, to: Recipient, context: dict[str, Any], button: tuple[Any, str] | None
) -> tuple[str, str, str]:
    """Subject, plain text and HTML of a mail, in the recipient's language or in both."""
    languages = [to.language] if to.language in LANGUAGES else list(LANGUAGES)
    subjects, parts = [], []
    for language in languages:
        with in_language(str(language)):
            subjects.append(
                " ".join(render_template(f"emails/{event}/subject.txt", to=to, **context).split())
            )
            body = render_template(f"emails/{event}/body.txt", to=to, **context).strip()
            paragraphs = [p.strip() for p in body.split("\n\n") if p.strip()]
            label = str(button[0]) if button else ""
            parts.append({"language": language, "paragraphs": paragraphs, "label": label})
    whole = {"to": to, "parts": parts, "address": button[1] if button else "", "subject": subjects[0]}
    whole["contact"] = current_settings().contact_address
    return subjects[0][:300], _in_each(whole, "txt"), _in_each(whole, "html")


def _in_each(whole: dict[str, Any], kind: str) -> str:
    rendered = []
    for part in whole["parts"]:
        with in_language(part["language"]):
            one = render_template(f"emails/part.{kind}", part=part, **whole)
            rendered.append(Markup(one) if kind == "html" else one)  # noqa: S704 our own rendering, escaped already
    with in_language(whole["parts"][0]["language"]):
        return render_template(f"emails/layout.{kind}", rendered=rendered, **whole)
