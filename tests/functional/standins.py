"""Small stand-ins for Flask, Django and what they need, on an index of files on disk.

The Flask among them answers over HTTP, so that the example runs; every file is of a syntax that Python 3.6 reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alcove.testing.index import index
from alcove.testing.sdists import sdist
from alcove.testing.wheels import wheel

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.testing.index import DiskIndex

__all__ = ["FLASK_SET", "standins"]

FLASK_SET = ("click", "flask", "itsdangerous", "jinja2", "markupsafe", "werkzeug")

_FLASK = '''\
"""The part of Flask that the example uses."""
import json
from http.server import BaseHTTPRequestHandler, HTTPServer

import click, itsdangerous, jinja2, markupsafe, werkzeug

__version__ = "3.0.3"


class Response(object):
    pass


def jsonify(**values):
    return json.dumps(values)


class Flask(object):
    def __init__(self, name):
        self.routes = {}

    def get(self, path):
        def keep(function):
            self.routes[path] = function
            return function
        return keep

    def run(self, host, port):
        routes = self.routes

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(routes[self.path]().encode())

        HTTPServer((host, port), Handler).serve_forever()


def main():
    print("Flask " + __version__)
'''


def standins(directory: Path) -> DiskIndex:
    """Make the index below `directory` and return it."""
    made = index(str(directory / "index"))
    wheels = str(directory / "wheels")
    made.add(wheel(wheels, "MarkupSafe", "2.1.5", files={"markupsafe/__init__.py": "x = 1\n"}))
    made.add(wheel(wheels, "itsdangerous", "2.1.2"))
    made.add(wheel(wheels, "itsdangerous", "2.2.0"))
    made.add(wheel(wheels, "click", "8.1.7"))
    made.add(wheel(wheels, "jinja2", "3.1.4", requires=["MarkupSafe>=2.0"]))
    made.add(wheel(wheels, "werkzeug", "3.0.3", requires=["MarkupSafe>=2.1.1"]))
    made.add(
        wheel(
            wheels,
            "flask",
            "3.0.3",
            requires=[
                "Werkzeug>=3.0.0",
                "Jinja2>=3.1.2",
                "itsdangerous>=2.1.2",
                "click>=8.1.3",
                "importlib-metadata>=3.6; python_version < '3.8'",
            ],
            files={"flask/__init__.py": _FLASK},
            entry_points={"flask": "flask:main"},
            data={"share/flask/page.html": "<p>", "etc/flask.conf": "debug = no\n"},
        )
    )
    for version in ("3.2", "4.0"):
        made.add(wheel(wheels, "Django", version, requires=["asgiref"]))
    made.add(wheel(wheels, "asgiref", "3.7.2"))
    made.add(wheel(wheels, "importlib-metadata", "4.0", files={"importlib_metadata.py": _METADATA}))
    made.add(sdist(wheels, "source-only", "1.0"))
    return made


_METADATA = "def version(name):\n    return '3.0.3'\n"
