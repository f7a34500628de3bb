"""pytest-httpserver as a server of its own; runs in an environment that has it, and knows nothing of ours."""

import json
import sys
import threading
from pathlib import Path

from pytest_httpserver import HTTPServer

server = HTTPServer(host="127.0.0.1", port=int(sys.argv[1]))
for method, path, status, text, kind in json.loads(Path(sys.argv[2]).read_text()):
    server.expect_request(path, method=method).respond_with_data(text, status=status, content_type=kind)
server.start()
threading.Event().wait()
