"""The small text formats of a metadata directory: headers, RECORD, requires.txt, `file:` addresses.

Every function takes text that anybody may have written and gives what can be made of it, never an error.
"""

from __future__ import annotations

__all__ = [
    "decode",
    "direct_url_problem",
    "file_path",
    "header_lines",
    "name_and_version",
    "record_paths",
    "requires_txt",
]


def decode(content: bytes) -> str:
    """Return bytes as text: UTF-8, and a replacement character where they are none."""
    return content.decode("utf-8", "replace")


def name_and_version(head: bytes) -> tuple[str, str]:
    """Return what METADATA, or its beginning, says of Name and Version; "" for what it does not say."""
    text = b"\n" + head.replace(b"\r\n", b"\n")
    end = text.find(b"\n\n")
    if end >= 0:
        text = text[: end + 1]
    values = []
    for key in (b"\nName:", b"\nVersion:"):
        start = text.find(key)
        if start < 0:  # RFC 822: names of headers know no case
            start = text.lower().find(key.lower())
        value = text[start + len(key) :].partition(b"\n")[0] if start >= 0 else b""
        values.append(decode(value.strip()))
    return values[0], values[1]


def header_lines(content: bytes) -> list[tuple[str, str]]:
    """Return the headers of a METADATA in their order: (name as written, value).

    A value that goes on over several lines keeps its newlines; indented lines are as written, so that a
    reader can take the indentation away that its writer used. The body is not looked at.
    """
    end = content.find(b"\n\n")  # the body may be a hundred times as long
    if end >= 0 and content.find(b"\r", 0, end) < 0:
        content = content[: end + 1]
    text = decode(content).replace("\r\n", "\n").replace("\r", "\n")
    headers: list[tuple[str, str]] = []
    for line in text.split("\n"):
        if not line:
            break
        if line[0] in " \t":
            if headers:
                key, value = headers[-1]
                headers[-1] = (key, f"{value}\n{line}")
            continue
        key, colon, value = line.partition(":")
        if not colon or not key or " " in key:
            break  # RFC 822: what is no header begins the body
        headers.append((key, value.lstrip(" \t")))
    return headers


def record_paths(text: str) -> list[str]:
    """Return the first column of a RECORD (a CSV file, PEP 376)."""
    paths = []
    for line in text.splitlines():
        if line.startswith('"'):
            path, rest = "", line[1:]
            while True:
                piece, quote, rest = rest.partition('"')
                path += piece
                if not quote or not rest.startswith('"'):
                    break
                path, rest = path + '"', rest[1:]
        else:
            path = line.partition(",")[0]
        if path:
            paths.append(path)
    return paths


def requires_txt(text: str) -> list[str]:
    r"""Return the requirements of an egg-info's requires.txt as PEP 508 writes them.

    >>> requires_txt("six\\n[Test]\\npytest\\n[:os_name == 'nt']\\ncolorama")
    ['six', 'pytest ; extra == "test"', "colorama ; os_name == 'nt'"]
    """
    requirements = []
    extra = marker = ""
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            extra, _, marker = line.strip("[]").partition(":")
            extra = extra.lower().replace("_", "-").replace(".", "-")
            continue
        if extra and marker:
            line += f' ; ({marker}) and extra == "{extra}"'
        elif extra:
            line += f' ; extra == "{extra}"'
        elif marker:
            line += f" ; {marker}"
        requirements.append(line)
    return requirements


def file_path(url: str) -> str:
    """Return the path that a `file:` address names; anything else unchanged.

    >>> file_path("file:///a%20b/c")
    '/a b/c'
    """
    if not url.startswith("file:"):
        return url
    path = url[5:]
    if path.startswith("//"):
        host, slash, rest = path[2:].partition("/")
        path = slash + rest if host in {"", "localhost"} else path
    return _unquote(path)


def _unquote(text: str) -> str:
    if "%" not in text:
        return text
    head, *pieces = text.encode("utf-8", "surrogateescape").split(b"%")
    parts = [head]
    for piece in pieces:
        digits = piece[:2]
        if len(digits) == 2 and all(byte in b"0123456789abcdefABCDEF" for byte in digits):
            parts += [bytes((int(digits, 16),)), piece[2:]]
        else:
            parts += [b"%", piece]
    return b"".join(parts).decode("utf-8", "surrogateescape")


def direct_url_problem(value: object) -> str:
    """Return what PEP 610 does not allow in a direct_url.json, or ""."""
    if not isinstance(value, dict) or not isinstance(value.get("url"), str):
        return "Missing required value in 'url'"
    kinds = [key for key in ("vcs_info", "archive_info", "dir_info") if key in value]
    if len(kinds) != 1 or not isinstance(value[kinds[0]], dict):
        return "Exactly one of vcs_info, archive_info, dir_info must be present"
    if not isinstance(value.get("subdirectory", ""), str):
        return "Unexpected type in 'subdirectory'"
    info = value[kinds[0]]
    if kinds[0] == "vcs_info" and not all(
        isinstance(info.get(key), str) for key in ("vcs", "commit_id")
    ):
        return "Missing required value in 'vcs_info'"
    hashes = info.get("hashes", {})
    if not isinstance(hashes, dict) or not all(isinstance(text, str) for text in hashes.values()):
        return "Unexpected type in 'archive_info.hashes'"
    return ""
