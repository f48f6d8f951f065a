"""What is placed as real files because of its company."""

from __future__ import annotations

from alcove.environments.generation import Placement
from alcove.plans.materialize import materialize

WRITTEN_BY = {"victim": ("bad-writer",)}


def placed(name: str, **more: object) -> Placement:
    found = Placement(
        name=name,
        version="1.0",
        source=f"e/{name}-1.0-0123456789",
        sha256="0" * 64,
        dist_info=f"{name}-1.0.dist-info",
        requested=False,
        direct_url="",
        links=(name.lower(),),
        trees=(),
        directories=(),
        files=(f"{name}.py",),
        dist_files=("METADATA",),
        dist_links=(),
        launchers=(),
        data=(),
        record="",
        natural=True,
    )
    return found._replace(**more)  # type: ignore[arg-type]


def test_alone_it_is_linked() -> None:
    alone = [placed("victim"), placed("other")]
    assert materialize(alone, written_by=WRITTEN_BY) == alone


def test_beside_its_writer_it_is_real() -> None:
    victim, writer, other = placed("Victim"), placed("Bad_Writer"), placed("other")
    found = materialize([victim, writer, other], written_by=WRITTEN_BY)
    assert found[1:] == [writer, other]
    assert found[0] == victim._replace(
        links=(), trees=("victim",), record="materialised", natural=False
    )


def test_what_is_real_already_stays_as_it_is() -> None:
    real = placed("victim", links=(), trees=("victim",), record="headers")
    assert materialize([real, placed("bad-writer")], written_by=WRITTEN_BY)[0] == real


def test_the_reason_of_its_record_stays() -> None:
    victim = placed("victim", record="direct_url")
    assert materialize([victim, placed("bad-writer")], written_by=WRITTEN_BY)[0].record == (
        "direct_url"
    )


def test_what_is_known() -> None:
    found = materialize([placed("urllib3"), placed("urllib3-future")])
    assert [one.links for one in found] == [(), ("urllib3-future",)]
