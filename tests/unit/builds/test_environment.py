"""What a build's processes see of the user's variables, and what a cached wheel is called."""

from __future__ import annotations

from alcove.builds.environment import clean_environ
from alcove.builds.key import cache_key

USER = {
    "PATH": "/usr/bin",
    "HOME": "/home/user",
    "CFLAGS": "-O3",
    "PYTHONPATH": "/evil",
    "PYTHONHOME": "/evil",
    "PYTHONSTARTUP": "/evil",
    "PYTHONWARNINGS": "error",
    "PYTHONHASHSEED": "0",
    "VIRTUAL_ENV": "/home/user/.venv",
    "VIRTUAL_ENV_PROMPT": "x",
    "__PYVENV_LAUNCHER__": "/evil",
}


def test_nothing_that_steers_another_python_stays() -> None:
    assert clean_environ(USER, scripts="/build/bin") == {
        "PATH": "/build/bin:/usr/bin",
        "HOME": "/home/user",
        "CFLAGS": "-O3",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8:backslashreplace",
    }


def test_an_empty_path_does_not_mean_the_current_directory() -> None:
    assert clean_environ({"PATH": ""}, scripts="/build/bin")["PATH"] == "/build/bin"
    assert clean_environ({}, scripts="/build/bin")["PATH"].startswith("/build/bin:/")


def test_equal_inputs_have_equal_keys() -> None:
    first = cache_key("sha256:aa", ["cp312", "linux"], config_settings={"a": "1", "b": ["2", "3"]})
    second = cache_key("sha256:aa", ("cp312", "linux"), config_settings={"b": ("2", "3"), "a": "1"})
    assert first == second
    assert len(first) == 64
    assert cache_key("x", [], requires=["a", "b"]) == cache_key("x", [], requires=["b", "a"])


def test_each_input_changes_the_key() -> None:
    keys = {
        cache_key("sha256:aa", ["cp312"]),
        cache_key("sha256:ab", ["cp312"]),
        cache_key("sha256:aa", ["cp313"]),
        cache_key("sha256:aa", ["cp3", "12"]),
        cache_key("sha256:aa", ["cp312"], config_settings={"a": "1"}),
        cache_key("sha256:aa", ["cp312"], config_settings={"a": ["1"]}),
        cache_key("sha256:aa", ["cp312"], requires=["setuptools"]),
        cache_key("sha256:aa", ["cp312"], subdirectory="part"),
    }
    assert len(keys) == 8
