"""The difference between what is installed and what is wanted."""

from __future__ import annotations

from alcove.plans.plan import Change, normalise, plan
from tests.unit.plans.test_collisions import placement


def test_each_distribution_is_in_one_list() -> None:
    kept, gone = placement("kept"), placement("Gone")
    before = placement("changed")
    after = before._replace(version="2.0", source="e/changed-2.0")
    found = plan([kept, gone, before], [kept, after, placement("new")])
    assert found.added == (Change("new", "", "1.0", "e/new"),)
    assert found.removed == (Change("Gone", "1.0", "", "e/Gone"),)
    assert found.changed == (Change("changed", "1.0", "2.0", "e/changed-2.0"),)
    assert [one.name for one in found.kept] == ["kept"]
    assert found
    assert found.as_data()["changed"] == [{"name": "changed", "from": "1.0", "to": "2.0"}]


def test_another_wheel_of_the_same_version_is_a_change() -> None:
    one = placement("one")
    assert plan([one], [one._replace(source="e/one-1.0-other")]).changed
    assert plan([one], [one._replace(direct_url="{}")]).changed
    assert not plan([one], [one._replace(requested=True)])


def test_spellings_of_a_name_are_one_name() -> None:
    assert not plan([placement("Foo.Bar")], [placement("foo-bar")._replace(source="e/Foo.Bar")])
    assert normalise("A__b.-c") == "a-b-c"
