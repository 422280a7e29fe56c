"""What the web server loads."""

from portal.wiring import create_app

app = create_app()
