"""One file per resource; `asgi` lists them."""
