"""How gunicorn serves the portal, read from the folder that it is started in. The command line wins over it."""

workers = 3
worker_class = "offorte_portal.serving.PortalWorker"
# Seconds after which a process that does not move is ended: no page works for so long, and none waits (`waiting`).
timeout = 60
# The kernel would send files past the worker, and wait for who reads them.
sendfile = False
# No request says where the portal lies; gunicorn would take a header SCRIPT_NAME for that from a proxy on this machine.
forwarder_headers = ""
# The head of a request is read by one parser, whatever else is installed.
http_parser = "python"
