"""Names of files, split as far as a version needs."""

from __future__ import annotations

import pytest

from alcove.index.filenames import Names, is_archive, normalised, version_of


@pytest.mark.parametrize(
    ("project", "filename", "version"),
    [
        ("six", "six-1.16.0-py2.py3-none-any.whl", "1.16.0"),
        ("six", "six-1.16.0-1-py2.py3-none-any.whl", "1.16.0"),
        ("six", "six-1.16.0-x1-py2.py3-none-any.whl", ""),
        ("six", "six-1.16.0.tar.gz", "1.16.0"),
        ("six", "SIX-1.16.0.zip", "1.16.0"),
        ("six", "sixer-1.16.0.tar.gz", ""),
        ("six", "sixer-1.16.0-py3-none-any.whl", ""),
        ("zope-interface", "zope.interface-5.0.tar.gz", "5.0"),
        ("zope-interface", "zope_interface-5.0-cp311-cp311-linux_x86_64.whl", "5.0"),
        ("a-b", "a--b-1.0.tar.gz", "1.0"),
        ("a-b", "a-b-c-1.0.tar.gz", "c-1.0"),
        ("six", "six-1.0-2.tar.gz", "1.0-2"),
        ("torch", "torch-2.0+cpu-cp311-cp311-linux_x86_64.whl", "2.0+cpu"),
        ("six", "six-1.0.exe", ""),
        ("six", "six-1.0-py2.7.egg", ""),
        ("six", "six-1.0-py3-none-any/../../x.whl", ""),
        ("six", "six-1.0\\x.tar.gz", ""),
        ("six", "six-1.0" + "0" * 300 + ".tar.gz", ""),
        ("six", "six.tar.gz", ""),
        ("six", ".whl", ""),
        ("six", "-1.0.tar.gz", ""),
    ],
)
def test_version(project: str, filename: str, version: str) -> None:
    assert Names(project).version(filename) == version


def test_normal_forms() -> None:
    assert normalised("Zope.._Interface") == "zope-interface"
    assert str(version_of("1.0-2")) == "1.0.post2"
    assert version_of("1.0.linux-x86_64") is None
    assert version_of("") is None
    assert is_archive("x.tar.xz")
    assert not is_archive("x.txt")
