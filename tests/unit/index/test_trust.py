"""Whether a system has certificates, and what is said where it has none."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
from urllib3.exceptions import SSLError

from alcove.index import trust
from alcove.index.client import HttpTransport
from alcove.index_settings import IndexSettings
from scripts import fetch

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _no_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust, "_BUNDLES", ())
    monkeypatch.setattr(fetch, "CERTIFICATES", ())


def test_a_system_without_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert trust.no_certificates(None, None)
    assert trust.no_certificates(None, str(tmp_path))
    assert not trust.no_certificates(str(tmp_path / "cert.pem"), None)
    (tmp_path / "one.pem").touch()
    assert not trust.no_certificates(None, str(tmp_path))
    monkeypatch.setattr(trust, "_BUNDLES", (str(tmp_path / "one.pem"),))
    assert not trust.no_certificates(None, None)


class _Places:
    def __init__(self, *, cafile: str | None = None, capath: str | None = None) -> None:
        self.cafile = cafile
        self.capath = capath


@pytest.mark.parametrize(
    ("places", "cert", "told"),
    [
        (_Places(), "", True),
        (_Places(), "/bundle.pem", False),
        (_Places(cafile="/cert.pem"), "", False),
    ],
)
def test_what_is_said_of_it(
    places: _Places, cert: str, *, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: places)
    error = ssl.SSLCertVerificationError("unable to get local issuer certificate")
    error.verify_message = "unable to get local issuer certificate"
    broken = HttpTransport(IndexSettings(cert=cert))._failed(SSLError(error))
    assert (trust.NONE_HERE in str(broken)) == told
    assert ("package of them" in fetch.advice(error, cert)) == told
