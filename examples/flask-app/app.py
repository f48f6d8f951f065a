"""A small Flask program for the first steps: it says what it is, and in which environment it runs.

python app.py [PORT] answers on http://127.0.0.1:5000/, as text at / and as JSON at /about.
"""

from __future__ import annotations

import sys

from flask import Flask, Response, jsonify

try:
    from importlib.metadata import version
except ImportError:  # Python 3.7, where Flask brings the same as a distribution
    from importlib_metadata import version

app = Flask(__name__)


@app.get("/")
def home() -> str:
    """Say hello, and from where."""
    return f"The Flask example of alcove: Flask {version('flask')} in {sys.prefix}\n"


@app.get("/about")
def about() -> Response:
    """Tell the same to programs."""
    return jsonify(
        example="flask-app",
        flask=version("flask"),
        python=sys.version.split()[0],
        prefix=sys.prefix,
    )


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(sys.argv[1]) if sys.argv[1:] else 5000)
