"""Answers of `packaging` about requirements, versions and tags, remembered for one environment.

Rule: an answer depends on its question and on the interpreter and the system alone (`stamp`), so it holds whatever is
installed or removed; what cannot be read has no answer, and is asked anew each time.
"""

from __future__ import annotations

from alcove.requirements.dependencies import applies, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

__all__ = ["Verdicts"]

_HEAD = "alcove verdicts 1"
_MOST = 5_000  # answers that are kept; a large environment needs a third of that


class Verdicts:
    """`markers`, `tags`: those of the interpreter, asked when there is no answer yet. `text`: of a file of answers.

    `stamp`: what tells the interpreter and the system from others; answers of another one do not count.
    """

    def __init__(
        self,
        markers: Callable[[], Mapping[str, str]],
        tags: Callable[[], Collection[str]],
        *,
        stamp: str = "",
        text: str = "",
    ) -> None:
        self._markers = markers
        self._tags = tags
        self._stamp = stamp
        self._known: dict[str, bool] = {}
        self._used: dict[str, bool] = {}
        head, said, *lines = [*text.split("\n"), "", ""]
        if stamp and (head, said) == (_HEAD, stamp):
            self._known = {line[2:]: line[0] == "1" for line in lines if line[1:2] == "\t"}

    def applies(self, requirement: str) -> bool:
        """Tell whether a requirement counts without extras; ValueError where its marker is none."""
        return self._asked(f"applies\t{requirement}", lambda: applies(requirement, self._markers))

    def counts(self, requirement: str) -> bool:
        """Tell the same; ValueError where it is no requirement."""

        def answer() -> bool:
            found = self.applies(requirement)
            if found and name_of(requirement) != requirement:
                from packaging.requirements import Requirement

                Requirement(requirement)
            return found

        return self._asked(f"counts\t{requirement}", answer)

    def meets(self, requirement: str, version: str) -> bool:
        """Tell whether a version (in normal form) is one that a requirement takes."""

        def answer() -> bool:
            from packaging.requirements import Requirement

            return Requirement(requirement).specifier.contains(version, prereleases=True)

        return self._asked(f"meets\t{requirement}\t{version}", answer)

    def fits(self, tags: Sequence[str], every: Callable[[Sequence[str]], Iterable[str]]) -> bool:
        """Tell whether one of a wheel's `tags` is of the interpreter; `every` gives them one by one."""

        def answer() -> bool:
            return not frozenset(self._tags()).isdisjoint(every(tags))

        return self._asked(f"fits\t{' '.join(tags)}", answer)

    def text(self) -> str:
        """Return the text of a file of answers; "" where there is nothing new to remember."""
        if not self._stamp or self._used.keys() <= self._known.keys():
            return ""
        every = self._known | self._used
        kept = self._used if len(every) > _MOST else every
        lines = [
            f"{'01'[answer]}\t{question}"
            for question, answer in kept.items()
            if question.replace("\t", "").isprintable()
        ]
        return "\n".join([_HEAD, self._stamp, *lines, ""])

    def _asked(self, question: str, answer: Callable[[], bool]) -> bool:
        known = self._used.get(question, self._known.get(question))
        found = self._used[question] = answer() if known is None else known
        return found
