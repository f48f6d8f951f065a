"""The file of a generation: what is written comes out; what a disk did to it is found, and one bit put back."""

from __future__ import annotations

import json
import zlib

import pytest

from alcove.environments.flipped import righted
from alcove.environments.generation import (
    DataFile,
    Generation,
    Launcher,
    Placement,
    decode,
    encode,
    without_logins,
)
from alcove.errors import BrokenEnvironment, NewerFormat
from alcove.files.checksums import BEGIN, checked, is_newer

ONE = Placement(
    name="one",
    version="1.0",
    source="e/one-1.0-0123456789",
    sha256="0123456789" + "0" * 54,
    dist_info="one-1.0.dist-info",
    requested=True,
    direct_url="",
    links=("one",),
    trees=(),
    directories=("shared",),
    files=("shared/ä.py", "six.py"),
    dist_files=("INSTALLER", "METADATA"),
    dist_links=(),
    launchers=(Launcher("one", "one.cli", "main"),),
    data=(DataFile("etc/one.cfg", "data/etc/one.cfg", "f" * 64),),
    record="",
    natural=True,
)
TWO = ONE._replace(name="two", dist_info="two-1.0.dist-info", launchers=(), data=())
STATE = Generation(
    number=7,
    parent=6,
    time=1795762272,
    why='alcove install "one"',
    asked=("one", "two>=1"),
    mode="view",
    prefix="/some where",
    outside=False,
    placements=(ONE, TWO),
)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_what_is_written_comes_out(count: int) -> None:
    state = STATE._replace(placements=STATE.placements[:count])
    text = encode(state)
    assert decode(text, "it") == state
    value = json.loads(text)  # any reader of JSON can have it
    assert list(value)[:3] == ["format", "crc32", "number"]
    rest = text[text.index(b'"number"') :]
    assert value["crc32"] == f"{zlib.crc32(rest):08x}"


def test_a_flipped_bit_is_found_and_put_back_wherever_it_is() -> None:
    text = encode(STATE)
    for at in range(len(text)):
        for bit in range(8):
            damaged = bytearray(text)
            damaged[at] ^= 1 << bit
            with pytest.raises(BrokenEnvironment):
                decode(bytes(damaged), "it")
            if is_newer(bytes(damaged)):  # 3 and 6 are a bit away from 2
                assert righted(bytes(damaged)) == b""
            elif (at + bit) % 5 == 0 or at < 40:
                assert righted(bytes(damaged)) == text


def test_more_than_a_bit_is_left() -> None:
    text = encode(STATE)
    for at in range(0, len(text) - 9, 10):
        damaged = bytearray(text)
        damaged[at] ^= 1
        damaged[at + 9] ^= 4
        assert righted(bytes(damaged)) == b""
        assert righted(text[:at]) == b""
        assert righted(text[:at] + b"\0" * (len(text) - at)) == b""
    assert righted(text.replace(b"six.py", b"sax.pz")) == b""


def test_a_text_that_was_cut_off_is_found() -> None:
    text = encode(STATE)
    for size in range(len(text)):
        for fill in (b"", b"\0" * (len(text) - size)):
            with pytest.raises(BrokenEnvironment):
                decode(text[:size] + fill, "it")


def test_what_is_wrong_is_said() -> None:
    text = encode(STATE)
    with pytest.raises(BrokenEnvironment, match="it is damaged: its content does not fit its") as e:
        decode(text.replace(b"six.py", b"sax.py"), "it")
    assert e.value.hint == "alcove repair"
    with pytest.raises(BrokenEnvironment) as e:
        decode(text.replace(b"six.py", b"sax.py"), "/e n/.alcove/generations/1.json")
    assert e.value.hint == "alcove repair --env '/e n'"
    with pytest.raises(BrokenEnvironment, match="its checksum cannot be read"):
        decode(text.replace(b'"crc32":"', b'"crc32": "'), "it")
    with pytest.raises(BrokenEnvironment, match="it is damaged: its format is 0"):
        decode(text.replace(b'"format":2', b'"format":0'), "it")


@pytest.mark.parametrize("count", [0, 1])
def test_a_comma_behind_the_last_placement_is_damage(count: int) -> None:
    made = STATE._replace(placements=STATE.placements[:count])
    text = encode(made)[BEGIN:].replace(b"\n]}\n", b",\n]}\n")
    decode(encode(made), "x")  # whose lines are known from then on
    with pytest.raises(BrokenEnvironment):
        decode(checked(text), "x")


def test_the_format_without_a_checksum_is_read() -> None:
    text = encode(STATE)
    start = text.index(b'"number"')
    assert decode(b'{"format":1,' + text[start:], "it") == STATE


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "..", "a\0b", "a\\..\\..\\x"])
@pytest.mark.parametrize(
    "field",
    [
        *("source", "dist_info", "links", "trees", "directories"),
        *("files", "dist_files", "dist_links", "launchers", "data"),
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(field: str, path: str) -> None:
    value: object = path if isinstance(getattr(ONE, field), str) else (path,)
    if field == "launchers":
        value = (Launcher(path, "one.cli", "main"),)
    if field == "data":
        value = (DataFile(path, "data/x", "f" * 64),)
    text = encode(STATE._replace(placements=(TWO, ONE._replace(**{field: value}))))  # type: ignore[arg-type]
    with pytest.raises(BrokenEnvironment, match="leads elsewhere"):
        decode(text, "it")
    hidden = text.replace(b"..", b"\\u002e\\u002e").replace(b'"/', b'"\\u002f')
    with pytest.raises(BrokenEnvironment):
        decode(checked(hidden[BEGIN:]), "it")


def test_a_name_with_dots_or_a_backslash_is_no_way_out() -> None:
    odd = ONE._replace(
        files=("a..b.py", "...", "x\\y.py", "\udcff.py"), direct_url='{"url": "/.."}'
    )
    state = STATE._replace(placements=(odd,))
    assert decode(encode(state), "it") == state


@pytest.mark.parametrize(
    "change",
    [
        *({"number": one} for one in ("../../x", -1, 10**30, True, None, 1.5)),
        *({"parent": one} for one in ("0", -2, 10**30)),
        *({"time": one} for one in ("0", 10**30, -(10**30), 1e300)),
        *({"prefix": one} for one in ("", None, 7)),
    ],
)
def test_a_number_a_time_or_a_place_that_is_none_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BrokenEnvironment):
        decode(encode(STATE._replace(**change)), "it")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("install -i https://me:secret@host/simple x", "install -i https://host/simple x"),
        ("install -i me:se@cret@host/simple x", "install -i host/simple x"),
        ("install --find-links=me:secret@host x", "install --find-links=host x"),
        ("install 'me:se$cret@host/a' \"me:secret@host\"", "install 'host/a' \"host\""),
        (
            "install ./a@b x@1:2 git+ssh://git@host/x@1",
            "install ./a@b x@1:2 git+ssh://git@host/x@1",
        ),
    ],
)
def test_no_login_is_written_down(text: str, left: str) -> None:
    assert without_logins(text) == left


@pytest.mark.parametrize("new", [b'{"format":3,', b'{"format":11,', b'{"format":4,"other":[1],'])
def test_what_a_newer_alcove_wrote_is_no_damage(new: bytes) -> None:
    text = encode(STATE)
    for rest in (text[len(b'{"format":2,') :], text[BEGIN:], b'"all":"otherwise"}', b""):
        with pytest.raises(NewerFormat, match="it is of a format that this alcove does not") as e:
            decode(new + rest, "it")
        assert e.value.hint == "use the newer alcove that wrote it"
        assert righted(new + rest) == b""
