"""What a browser needs to know to install Bullpen as an app of its own.

It needs no session: browsers ask for it without cookies. The workspace's name is on the sign-in
page as well.
"""

import msgspec
from fastapi import Response

MANIFEST = "/manifest.webmanifest"
MEDIA_TYPE = "application/manifest+json"
# The title bar, as in the light theme; the document names those of both.
THEME = "#2a1a3f"
BACKGROUND = "#ffffff"
SIZES = (192, 512)
# What a home screen has room for.
SHORT_NAME = 12


def manifest_response(name: str, icons: str) -> Response:
    """`icons`: the folder of those that `scripts/app_icons.py` draws."""
    content = {
        "id": "/",
        "name": name,
        "short_name": name if len(name) <= SHORT_NAME else "Bullpen",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": THEME,
        "background_color": BACKGROUND,
        "icons": [
            {
                "src": f"{icons}app-{kind}{size}.png",
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for purpose, kind in (("any", ""), ("maskable", "maskable-"))
            for size in SIZES
        ],
    }
    headers = {"Cache-Control": "no-cache"}
    return Response(msgspec.json.encode(content), headers=headers, media_type=MEDIA_TYPE)
