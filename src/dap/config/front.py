"""The front door: an ASGI app that hands every request to Django in threads.

Django's views stay synchronous on WSGI, which is several times faster than Django's own ASGI
(DESIGN.md section 1); the event stream of the dialogue will be served here, without Django.
"""

import gc
import os
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

_application: Any = get_wsgi_application()  # its own types are narrower than the protocol's
_django = WSGIMiddleware(_application, workers=int(os.environ.get("DAP_THREADS", "16")))

# What stands after the start stays: looked through for rubbish at every thousandth object it costs each page
# some 8 per cent (docs/operations.md).
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)


async def app(scope: Any, receive: Any, send: Any) -> None:
    """The ASGI callable that the server runs."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def receive_event() -> Any:  # the server's own awaitable is no coroutine, which threads need
        return await receive()

    await _django(scope, receive_event, send)
