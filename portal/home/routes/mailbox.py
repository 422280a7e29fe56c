"""The demo's mailbox: every mail that was sent, as its reader would see it. Exists in the demo alone.

A mail's HTML carries its style with it, which our policy forbids. It is shown in a frame of its own, whose one answer
allows style and our font, and nothing else: no script, no picture, no form.
"""

from __future__ import annotations

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from portal.core import access
from portal.core.context import current_settings
from portal.core.errors import NotFound
from portal.core.pages import cursor_argument, page
from portal.core.security import content_security_policy
from portal.files.downloads import download
from portal.home.routes.blueprint import blueprint
from portal.notifications.queries import files_of, find_message, messages

# A link in the mail opens the page itself, not a page inside the frame.
FRAME = "allow-same-origin allow-top-navigation-by-user-activation"
MAIL_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; base-uri 'self'; frame-ancestors 'self'; "
    f"sandbox {FRAME}"
)
LONGEST_ADDRESS = 254


@blueprint.get("/demo/mailbox")
@access.demo
def list_mailbox() -> Response:
    """All mails, newest first; `to` narrows it to one reader."""
    address = request.args.get("to", "").strip()[:LONGEST_ADDRESS]
    return page(
        "home/list_mailbox.html", mails=messages(address=address, cursor=cursor_argument()), address=address
    )


@blueprint.get("/demo/mailbox/<id:message_id>")
@access.demo
def show_mail(message_id: int) -> Response:
    """One mail: its head, the mail in a frame, its plain text, its attachments."""
    mail = find_message(message_id)
    response = page("home/show_mail.html", mail=mail, files=files_of(mail), frame=FRAME)
    settings = current_settings()
    policy = content_security_policy(settings.checkout_origins, upgrade=settings.secure_cookies)
    response.headers["Content-Security-Policy"] = f"{policy}; frame-src 'self'"
    return response


@blueprint.get("/demo/mailbox/<id:message_id>/mail")
@access.demo
def show_mail_frame(message_id: int) -> Response:
    """The mail's HTML alone."""
    # Mail clients bring fonts of their own; a fresh machine may have none for Japanese.
    head = render_template("home/mail_head.html")
    response = make_response(find_message(message_id).html.replace("<head>", f"<head>{head}", 1))
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@blueprint.get("/demo/mailbox/<id:message_id>/attachments/<id:file_id>")
@access.demo
def download_attachment(message_id: int, file_id: int) -> Response:
    """One attached file."""
    found = next((file for file in files_of(find_message(message_id)) if file.id == file_id), None)
    if found is None:
        raise NotFound
    return download(found)
