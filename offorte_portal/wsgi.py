"""The WSGI application that gunicorn serves."""

import logging
import os

from django.core.wsgi import get_wsgi_application

from offorte_portal.connections.oauth.logs import WithoutCodes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "offorte_portal.settings")
application = get_wsgi_application()

# gunicorn's loggers have handlers of their own, which the filter in the settings does not reach.
for name in ("gunicorn.access", "gunicorn.error"):
    logging.getLogger(name).addFilter(WithoutCodes())
